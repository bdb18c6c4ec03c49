extension CallDocumentation {
  /// A call that works for every function, by name: a test holds that none is missing and none fails.
  static let examples: [String: String] = operatorExamples.merging(textExamples) { a, _ in a }
    .merging(timeExamples) { a, _ in a }.merging(listExamples) { a, _ in a }.merging(numberExamples) { a, _ in a }
    .merging(addressExamples) { a, _ in a }.merging(patternExamples) { a, _ in a }

  private static let operatorExamples = [
    "_==_": "'prod' == 'prod'", "_!=_": "'prod' != 'dev'", "_<_": "1 < 2", "_<=_": "2 <= 2", "_>_": "'b' > 'a'",
    "_>=_": "days(2) >= span('48h')", "@in": "'prod' in ['dev', 'prod']", "!_": "!false", "-_": "-(1 + 2)",
    "_+_": "'team:' + 'payments'", "_-_": "timestamp('2026-11-20T00:00:00Z') - days(1)", "_*_": "6 * 7", "_/_": "7 / 2",
    "_%_": "7 % 2",
    "dyn": "dyn(1) == dyn('1')", "type": "type(1)", "bool": "bool('true')", "int": "int('42')", "uint": "uint(42)",
    "double": "double('1.5')", "string": "string(42)", "bytes": "bytes('key')", "size": "size(['a', 'b'])",
  ]

  private static let textExamples = [
    "contains": "'release-publisher'.contains('publish')", "startsWith": "'arn:aws:iam'.startsWith('arn:')",
    "endsWith": "'deploy.yml'.endsWith('.yml')", "matches": "'batch-7'.matches('^batch-[0-9]+$')",
    "lowerAscii": "'Prod'.lowerAscii()", "upperAscii": "'prod'.upperAscii()", "trim": "'  prod '.trim()",
    "reverse": "'abc'.reverse()", "strings.quote": "strings.quote('a \"b\"')", "charAt": "'prod'.charAt(0)",
    "indexOf": "'a/b/c'.indexOf('/')", "lastIndexOf": "'a/b/c'.lastIndexOf('/')",
    "replace": "'a-b-c'.replace('-', '_')",
    "split": "'a,b,c'.split(',')", "substring": "'2026-11-20'.substring(0, 4)", "join": "['a', 'b'].join(', ')",
    "format": "'%s has %d keys'.format(['batch', 2])",
    "regex.extract": "regex.extract('role/batch', 'role/(.*)').orValue('')",
    "regex.extractAll": "regex.extractAll('a1 b2', '[0-9]')",
    "regex.replace": "regex.replace('batch-7', '[0-9]+', 'N')",
    "find": "'key AKIA1 of'.find('AKIA[0-9]+')", "findAll": "'a1 b22'.findAll('[0-9]+')",
    "base64.encode": "base64.encode(b'key')", "base64.decode": "string(base64.decode('a2V5'))",
  ]

  private static let timeExamples = [
    "timestamp": "timestamp('2026-11-20T12:00:00Z')", "duration": "duration('1h30m')",
    "getFullYear": "timestamp('2026-11-20T12:00:00Z').getFullYear()",
    "getMonth": "timestamp('2026-11-20T12:00:00Z').getMonth()",
    "getDate": "timestamp('2026-11-20T12:00:00Z').getDate()",
    "getDayOfMonth": "timestamp('2026-11-20T12:00:00Z').getDayOfMonth()",
    "getDayOfWeek": "timestamp('2026-11-20T12:00:00Z').getDayOfWeek()",
    "getDayOfYear": "timestamp('2026-11-20T12:00:00Z').getDayOfYear()",
    "getHours": "timestamp('2026-11-20T12:00:00Z').getHours('Europe/Zurich')",
    "getMinutes": "duration('1h30m').getMinutes()",
    "getSeconds": "duration('2m').getSeconds()", "getMilliseconds": "duration('1500ms').getMilliseconds()",
    "span": "span('90d')", "days": "days(90)", "age": "age(now - days(3))", "inDays": "inDays(days(90))",
  ]

  private static let listExamples = [
    "sort": "[3, 1, 2].sort()", "distinct": "['a', 'b', 'a'].distinct()", "flatten": "[[1], [2, 3]].flatten()",
    "slice": "['a', 'b', 'c'].slice(0, 2)", "first": "['a', 'b'].first().orValue('none')",
    "last": "['a', 'b'].last().orValue('none')", "lists.range": "lists.range(3)", "isSorted": "[1, 2, 3].isSorted()",
    "sum": "[1, 2, 3].sum()", "min": "[3, 1, 2].min()", "max": "[3, 1, 2].max()",
    "sets.contains": "sets.contains(['a', 'b'], ['a'])",
    "sets.equivalent": "sets.equivalent(['a', 'b'], ['b', 'a', 'a'])",
    "sets.intersects": "sets.intersects(['a', 'b'], ['b', 'c'])",
    "optional.of": "optional.of('a').hasValue()", "optional.ofNonZeroValue": "optional.ofNonZeroValue('').hasValue()",
    "optional.none": "optional.none().hasValue()",
    "optional.unwrap": "optional.unwrap([optional.of(1), optional.none()])",
    "unwrapOpt": "[optional.of(1), optional.none()].unwrapOpt()", "hasValue": "optional.of(1).hasValue()",
    "value": "optional.of(1).value()", "or": "optional.none().or(optional.of(2)).value()",
    "orValue": "optional.none().orValue('none')",
  ]

  private static let numberExamples = [
    "math.greatest": "math.greatest(1, 7, 3)", "math.least": "math.least([1, 7, 3])", "math.ceil": "math.ceil(1.2)",
    "math.floor": "math.floor(1.8)", "math.round": "math.round(1.5)", "math.trunc": "math.trunc(-1.8)",
    "math.sqrt": "math.sqrt(81)", "math.isNaN": "math.isNaN(0.0 / 0.0)", "math.isInf": "math.isInf(1.0 / 0.0)",
    "math.isFinite": "math.isFinite(1.5)", "math.abs": "math.abs(-3)", "math.sign": "math.sign(-3)",
    "math.bitAnd": "math.bitAnd(6, 3)", "math.bitOr": "math.bitOr(6, 3)", "math.bitXor": "math.bitXor(6, 3)",
    "math.bitNot": "math.bitNot(0)", "math.bitShiftLeft": "math.bitShiftLeft(1, 4)",
    "math.bitShiftRight": "math.bitShiftRight(16, 4)",
    "quantity": "quantity('1.5Gi') == quantity('1536Mi')", "isQuantity": "isQuantity('1.5Gi')",
    "sign": "quantity('-1').sign()", "isInteger": "quantity('1.5').isInteger()",
    "asInteger": "quantity('2k').asInteger()",
    "asApproximateFloat": "quantity('1.5').asApproximateFloat()", "add": "quantity('1k').add(24).asInteger()",
    "sub": "quantity('1k').sub(24).asInteger()", "isLessThan": "semver('1.2.3').isLessThan(semver('1.10.0'))",
    "isGreaterThan": "quantity('1Gi').isGreaterThan(quantity('1G'))",
    "compareTo": "semver('1.2.3').compareTo(semver('1.2.4'))",
    "semver": "semver('v1.2', true).minor()", "isSemver": "isSemver('1.2')", "major": "semver('1.2.3').major()",
    "minor": "semver('1.2.3').minor()", "patch": "semver('1.2.3').patch()",
  ]

  private static let addressExamples = [
    "ip": "string(ip('192.0.2.7'))", "cidr": "string(cidr('10.0.0.0/8'))", "isIP": "isIP('192.0.2.7')",
    "isCIDR": "isCIDR('10.0.0.0')", "ip.isCanonical": "ip.isCanonical('2001:DB8::1')",
    "family": "ip('2001:db8::1').family()",
    "isUnspecified": "ip('0.0.0.0').isUnspecified()", "isLoopback": "ip('127.0.0.1').isLoopback()",
    "isLinkLocalUnicast": "ip('169.254.169.254').isLinkLocalUnicast()",
    "isLinkLocalMulticast": "ip('224.0.0.1').isLinkLocalMulticast()",
    "isGlobalUnicast": "ip('192.0.2.7').isGlobalUnicast()",
    "containsIP": "cidr('10.0.0.0/8').containsIP('10.20.0.7')",
    "containsCIDR": "cidr('10.0.0.0/8').containsCIDR('10.20.0.0/16')",
    "masked": "string(cidr('10.20.0.7/16').masked())", "prefixLength": "cidr('10.0.0.0/8').prefixLength()",
    "url": "url('https://acme.example/a').getHost()", "isURL": "isURL('acme.example')",
    "getScheme": "url('https://acme.example/a').getScheme()", "getHost": "url('https://acme.example:8443/a').getHost()",
    "getHostname": "url('https://acme.example:8443/a').getHostname()",
    "getPort": "url('https://acme.example:8443/a').getPort()",
    "getEscapedPath": "url('https://acme.example/a%20b').getEscapedPath()",
    "getQuery": "url('https://acme.example/?team=data').getQuery()",
  ]

  private static let patternExamples = [
    "glob": "'s3:GetObject'.glob('s3:Get*')", "globAny": "'eu-west-1'.globAny(['eu-*', 'us-east-1'])",
    "arn": "string(arn('arn:aws:s3:::acme-logs'))", "isARN": "isARN('acme-logs')",
    "partition": "arn('arn:aws:s3:::acme-logs').partition()", "service": "arn('arn:aws:s3:::acme-logs').service()",
    "region": "arn('arn:aws:sqs:eu-west-1:111122223333:jobs').region()",
    "account": "arn('arn:aws:iam::111122223333:role/batch').account()",
    "resource": "arn('arn:aws:iam::111122223333:role/batch').resource()",
    "resourceType": "arn('arn:aws:iam::111122223333:role/batch').resourceType()",
    "resourceId": "arn('arn:aws:iam::111122223333:role/batch').resourceId()",
    "spiffe": "string(spiffe('spiffe://acme.example/batch'))", "isSPIFFE": "isSPIFFE('https://acme.example')",
    "trustDomain": "spiffe('spiffe://acme.example/batch').trustDomain()",
    "path": "spiffe('spiffe://acme.example/batch').path()",
    "aws.matchesAction": "aws.matchesAction('s3:GetObject', ['s3:get*'])",
    "aws.matchesResource": "aws.matchesResource('arn:aws:s3:::acme-logs/a', 'arn:aws:s3:::acme-*')",
    "azure.matchesAction": "azure.matchesAction('Microsoft.Storage/storageAccounts/read', '*/read')",
    "k8s.matchesVerb": "k8s.matchesVerb('get', ['get', 'list'])",
    "k8s.matchesGroup": "k8s.matchesGroup('apps', ['', 'apps'])",
    "k8s.matchesResource": "k8s.matchesResource('pods/log', ['pods/*', 'pods/log'])",
    "k8s.matchesURL": "k8s.matchesURL('/healthz/ready', '/healthz*')",
    "gcp.matchesPermission": "gcp.matchesPermission('storage.objects.get', ['storage.objects.get'])",
    "gcp.matchesDenied": "gcp.matchesDenied('iam.googleapis.com/roles.delete', 'iam.googleapis.com/roles.*')",
  ]
}
