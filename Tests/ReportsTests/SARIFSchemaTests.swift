import Base
private import Glibc
import Model
import Reports
import TestSupport
import Testing

/// The reports against rules that are not ours: SARIF's schema and what GitHub and GitLab ask for, checked by Python.
@Suite struct SARIFSchemaTests {
  /// What https://docs.github.com (SARIF support for code scanning) and OASIS SARIF 2.1.0 §3.27–3.30 demand.
  private static let rules = """
    import json
    log = json.loads(report)
    assert log['version'] == '2.1.0' and log['$schema'].startswith('https://')
    assert len(log['runs']) == 1
    run = log['runs'][0]
    assert run['columnKind'] in ('utf16CodeUnits', 'unicodeCodePoints')
    driver = run['tool']['driver']
    assert driver['name'] and driver['semanticVersion'] and driver['informationUri'].startswith('https://')
    ids = [rule['id'] for rule in driver['rules']]
    assert len(ids) == len(set(ids))
    for rule in driver['rules']:
      assert 0 < len(rule['name']) <= 255 and rule['id']
      for key in ('shortDescription', 'fullDescription'): assert 0 < len(rule[key]['text']) <= 1024
      assert rule['help']['text'] and rule['help']['markdown'] and rule['helpUri'].startswith('https://')
      assert rule['defaultConfiguration']['level'] in ('note', 'warning', 'error')
      assert 'security' in rule['properties']['tags'] and len(rule['properties']['tags']) <= 10
      severity = rule['properties']['security-severity']
      assert isinstance(severity, str) and 0.1 <= float(severity) <= 10
    def place(location, one):
      physical = location['physicalLocation']
      uri = physical['artifactLocation']['uri']
      assert uri and ' ' not in uri and not uri.startswith('./') and all(ord(c) < 128 for c in uri)
      region = physical['region']
      for key in ('startLine', 'startColumn', 'endLine', 'endColumn'): assert region[key] >= 1
      assert region['endLine'] == region['startLine'] and region['endColumn'] > region['startColumn']
    seen = set()
    for result in run['results']:
      assert ids[result['ruleIndex']] == result['ruleId']
      kind = result.get('kind', 'fail')
      assert result['level'] in ('note', 'warning', 'error') if kind == 'fail' else result['level'] == 'none'
      assert result['message']['text'] and len(result['locations']) == 1
      place(result['locations'][0], True)
      related = result.get('relatedLocations', [])
      assert len(related) <= 100 and [r['id'] for r in related] == list(range(1, len(related) + 1))
      for other in related: place(other, False)
      prints = result['partialFingerprints']
      assert prints['primaryLocationLineHash'].rsplit(':', 1)[1].isdigit() and prints['muster/v1']
      key = (result['ruleId'], result['locations'][0]['physicalLocation']['artifactLocation']['uri'],
             prints['primaryLocationLineHash'])
      assert key not in seen, key
      seen.add(key)
    call = run['invocations'][0]
    assert isinstance(call['executionSuccessful'], bool)
    for note in call['toolExecutionNotifications']: assert note['level'] in ('warning', 'error') and note['message']['text']
    """
  /// A binding generated from the OASIS schema that refuses unknown members: PyPI `pydantic-sarif`.
  private static let schema = """
    import json
    from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log
    log = json.loads(report)
    # It was generated from the draft in which `status` (§3.35.3) still was `state`.
    for result in log['runs'][0]['results']:
      for suppression in result.get('suppressions', []): suppression['state'] = suppression.pop('status')
    Log.model_validate(log)
    """

  private static let hasPython = python("pass")
  private static let hasSchema = python("import pydantic_sarif")

  /// Whether the program, which finds the text of a report in `report`, ends well for each of the reports.
  private static func python(_ program: String, _ reports: [[UInt8]] = []) -> Bool {
    let environment = scrubbedEnvironment(home: getenv("HOME").map { String(cString: $0) } ?? "/nonexistent")
    let loop = """
      import sys
      program = compile(sys.argv[1], 'check', 'exec')
      for report in sys.stdin.buffer.read().decode().split('\\0')[1:]: exec(program, {'report': report})
      """
    let check = reports.isEmpty ? program : loop
    let input = reports.reduce(into: [UInt8]()) { $0 += [0] + $1 }
    guard let run = try? runProgram("python3", ["-c", check, program], environment: environment, input: input) else {
      return false
    }
    if run.status != 0 && !reports.isEmpty { Issue.record("\(run.error)") }
    return run.status == 0
  }

  /// Results with one of everything, with nothing, and with hostile text.
  private static var results: [CheckResult] {
    var crowded = Samples.result
    var twin = Samples.expired
    twin.fingerprint = String(repeating: "e", count: 64)
    twin.related = (0..<150).map { Samples.expired.related[$0 % 2] }
    var far = Samples.shadow
    far.fingerprint = String(repeating: "f", count: 64)
    crowded.findings += [twin, far]
    crowded.policies = []
    return [Samples.empty, Samples.result, crowded] + HostileTextTests.texts.map(HostileTextTests.result)
  }

  private static func render(_ result: CheckResult, excepted: Bool) -> [UInt8] {
    var options = ReportOptions()
    (options.source, options.showsExcepted) = (Samples.source, excepted)
    options.category = "muster/owasp-nhi/"
    return ReportFormat.named("sarif")?.render(result, options: options) ?? []
  }

  @Test(.enabled(if: hasPython, "there is no python3 here")) func keepsTheRulesOfGitHubAndOASIS() {
    let results = Self.results.dropLast(HostileTextTests.texts.count)
    #expect(Self.python(Self.rules, results.map { Self.render($0, excepted: false) }))
  }

  @Test(.enabled(if: hasSchema, "PyPI's pydantic-sarif is not installed here")) func keepsTheSchemaOfOASIS() {
    #expect(Self.python(Self.schema, Self.results.map { Self.render($0, excepted: true) }))
  }

  @Test(.enabled(if: hasPython, "there is no python3 here"), arguments: ["json", "gitlab", "sarif"])
  func writesJSONThatOthersRead(name: String) throws {
    let format = try #require(ReportFormat.named(name))
    #expect(Self.python("import json; json.loads(report)", Self.results.map { format.render($0) }))
  }

  @Test(.enabled(if: hasPython, "there is no python3 here")) func writesXMLThatOthersRead() throws {
    let format = try #require(ReportFormat.named("junit"))
    let program = """
      import xml.etree.ElementTree as tree
      root = tree.fromstring(report.encode())
      for suite in root:
        assert int(suite.get('tests')) == len(suite.findall('testcase'))
        for kind in ('failure', 'skipped', 'error'):
          total = {'failure': 'failures', 'error': 'errors', 'skipped': 'skipped'}[kind]
          assert int(suite.get(total)) == len(suite.findall('testcase/' + kind))
      for total in ('tests', 'failures', 'errors', 'skipped'):
        assert int(root.get(total)) == sum(int(suite.get(total)) for suite in root)
      """
    #expect(Self.python(program, Self.results.map { format.render($0) }))
  }

  @Test(.enabled(if: hasPython, "there is no python3 here")) func writesRowsThatOthersRead() throws {
    let format = try #require(ReportFormat.named("csv"))
    let program = """
      import csv, io
      rows = list(csv.reader(io.StringIO(report, newline='')))
      assert all(len(row) == 16 for row in rows), rows
      assert not any(cell.lstrip(' ')[:1] in ('=', '+', '-', '@') and cell for row in rows for cell in row)
      """
    #expect(Self.python(program, Self.results.map { format.render($0) }))
  }
}
