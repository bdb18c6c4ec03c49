import Expressions
import Testing

/// Corners of the libraries that the official tests leave out: what cel-go's and Kubernetes' documentation says of them.
struct LibraryTests {
  private func expect(_ text: String, _ expected: String?) {
    let value = (try? testEnvironment.compileUnchecked(text))?.evaluate(Evaluation(testEnvironment))
    guard let value, !value.isFailure else {
      #expect(expected == nil, "\(value?.displayText ?? "")")
      return
    }
    #expect(value.literalText == expected)
  }

  @Test(
    arguments: [
      ("url('https://user:pass@example.com:80/path?query=val#fragment').getHost()", "\"example.com:80\""),
      ("url('https://example.com/a?b=1#c?d').getQuery()", "{\"b\": [\"1\"]}"), ("isURL('https://a:b:c/')", "false"),
      ("isURL('../relative-path')", "false"), ("isURL('')", "false"), ("isURL('https://exa mple.com/')", "false"),
      ("isURL('1a://x')", "false"), ("isURL('https://example.com/%zz')", "false"),
      ("url('https://[::1]:80/').getHost()", "\"[::1]:80\""), ("url('https://[::1]:80/').getHostname()", "\"::1\""),
      ("url('https://example.com/path with spaces/').getEscapedPath()", "\"/path%20with%20spaces/\""),
      ("url('https://example.com/%7Ea').getEscapedPath()", "\"/%7Ea\""),
      ("url('/a%20b/é').getEscapedPath()", "\"/a%20b/%C3%A9\""), ("url('mailto:a@b.c').getEscapedPath()", "\"\""),
      (
        "url('https://example.com/path?key with spaces=value with spaces').getQuery()",
        "{\"key with spaces\": [\"value with spaces\"]}"
      ),
      ("url('/path?k=a+b%2B').getQuery()", "{\"k\": [\"a b+\"]}"),
    ] as [(String, String?)])
  func readsAddresses(text: String, expected: String?) { expect(text, expected) }

  @Test(
    arguments: [
      ("quantity('9999999999999999999999999999999999999G').isInteger()", "false"),
      ("quantity('9999999999999999999999999999999999999G').asInteger()", nil),
      ("quantity('9999999999999999999999999999999999999G').isGreaterThan(quantity('1E'))", "true"),
      ("quantity('-9999999999999999999999999999999999999G').sign()", "-1"),
      ("quantity('0.0000000000000000000000000000001') == quantity('1n')", "true"),
      ("quantity('1.0000000000000000000000000000000').asInteger()", "1"),
      ("isQuantity('200K') || isQuantity('Mi') || isQuantity('1,3G') || isQuantity('Three')", "false"),
      ("isSemver('1.0-rc', true) || isSemver('1+b', true)", "false"),
      ("semver('v1.0', true) == semver('1.0.0')", "true"),
      ("semver('01.01.01-rc.1', true) == semver('1.1.1-rc.1')", "true"),
    ] as [(String, String?)])
  func readsAmountsAndVersions(text: String, expected: String?) { expect(text, expected) }

  @Test(
    arguments: [
      ("[5, 3, 1, 2].reverse()", "[2, 1, 3, 5]"), ("[].reverse()", "[]"), ("'gums'.reverse()", "\"smug\""),
      (
        "[1, 1u, 1.0, 2.5, 2.5, 'a', 'a', [1], [1.0], {'a': 1}, {'a': 1u}].distinct()",
        "[1, 2.5, \"a\", [1], {\"a\": 1}]"
      ),
      ("[0.0 / 0.0, 0.0 / 0.0].distinct().size()", "2"), ("sets.contains([0.0 / 0.0], [0.0 / 0.0])", "false"),
      ("[semver('1.0.0+a'), semver('1.0.0+b')].distinct().size()", "1"),
      ("[quantity('1k'), quantity('1000')].distinct().size()", "1"),
      ("[ip('::1'), ip('0:0::1'), ip('::2')].distinct().size()", "2"),
      ("[{'a': 1, 'b': 2}, {'b': 2, 'a': 1}].distinct().size()", "1"),
      ("sets.contains([1, 2.0, 3u], [1.0, 2u, 3])", "true"),
      ("sets.equivalent([[1], [2, 3]], [[2u, 3.0], [1]])", "true"),
      ("sets.intersects([[1], [2, 3]], [[1, 2], [2, 3.0]])", "true"),
      ("[9007199254740993, 9007199254740992].distinct().size()", "2"), ("int('+5')", "5"), ("double('1e400')", nil),
      ("double('-Infinity')", "-Infinity"), ("1e400", nil), (#"'\ud83d\ude00' == '😀'"#, "true"), (#"'\ud83d'"#, nil),
      (#"'\ude00\ud83d'"#, nil), (#"'\ud83d\u0041'"#, nil), (#"b'\ud83d\ude00'"#, nil),
      ("duration('9223372036854775807ns') == duration('2562047h47m16.854775807s')", "true"),
      ("duration('9223372036854775808ns')", nil), ("duration('-9223372036854775807ns') < duration('0')", "true"),
    ] as [(String, String?)])
  func comparesByValue(text: String, expected: String?) { expect(text, expected) }

  @Test(
    arguments: [
      ("regex.replace('baaac', 'a*', '-')", "\"-b-c-\""), ("regex.replace('abc', '', '-')", "\"-a-b-c-\""),
      ("'123 abc 456'.findAll('[0-9]*')", #"["123", "", "", "", "", "456"]"#),
      ("'123 abc 456'.findAll('[0-9]+')", #"["123", "456"]"#),
      ("'é é'.findAll('x*')", #"["", "", "", ""]"#), ("'abc 123'.find('xyz')", "\"\""),
      ("'aa'.findAll('a', 1)", #"["a"]"#),
      ("regex.extract('hello world', 'hello(.*)')", "optional.of(\" world\")"), ("regex.extract('a', '(a)(b)?')", nil),
      ("regex.extract('HELLO', 'hello')", "optional.none()"), ("regex.extractAll('u@d', '(.*)@([^.]*)')", nil),
      ("regex.extractAll('id:1, id:2', 'id:(?:[0-9])')", #"["id:1", "id:2"]"#),
      (#"regex.replace('foo bar', '(fo)o (ba)r', r'\2 \1')"#, "\"ba fo\""),
      (#"regex.replace('test', '(.)', r'\2')"#, nil),
      ("regex.replace('banana', 'a', 'x', 1)", "\"bxnana\""), ("regex.replace('banana', 'a', 'x', -12)", "\"bxnxnx\""),
    ] as [(String, String?)])
  func findsAsGoDoes(text: String, expected: String?) { expect(text, expected) }

  /// Lint compares what is meant, not how it is spaced.
  @Test(arguments: [
    ("identity.handle == 'a b' || identity.handle == 'ab'", 0), ("identity.handle == 'a' || (identity.handle=='a')", 1),
    ("identity.handle == 'a' || identity.handle == \"a\"", 1), ("identity.enabled && // why\n identity.enabled", 1),
    ("(identity.uses + 1) * 2 == identity.uses + 1 * 2", 0), ("identity.uses*2 == identity . uses * 2", 1),
  ])
  func lintsByMeaning(text: String, count: Int) throws {
    #expect(try testEnvironment.compile(text).warnings().count == count)
  }

  @Test func explainsOnOneLineEach() throws {
    let program = try testEnvironment.compile("identity.handle // the name\n  == '''a\nb'''")
    let evaluation = Evaluation(testEnvironment)
    evaluation[0] = .object(TestIdentity("x"))
    #expect(program.explain(evaluation).lines == [#"identity.handle == 'a\nb' = false"#, #"  identity.handle = "x""#])
  }
}
