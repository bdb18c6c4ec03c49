import Base
import Model
import Testing

@testable import Reports

@Suite struct SARIFTests {
  private static func render(_ result: CheckResult, _ options: ReportOptions = ReportOptions()) -> String {
    String(decoding: SARIFReport.write(result, options), as: UTF8.self)
  }

  private static func many(_ count: Int) -> CheckResult {
    var result = Samples.empty
    result.findings = (0..<count).map { number in
      var finding = Samples.unknown
      finding.verdict = .fail
      finding.severity = number % 10 == 0 ? .critical : .low
      finding.location.line = number + 1
      finding.fingerprint = "\(number)"
      return finding
    }
    return result
  }

  @Test func keepsTheWorstWhereGitHubWouldRefuseTheFile() {
    let limits = SARIFReport.Limits(accepted: 250, shown: 50)
    let render = { String(decoding: SARIFReport.write(Self.many($0), ReportOptions(), limits: limits), as: UTF8.self) }
    let all = render(250)
    #expect(all.lines(with: "\"ruleIndex\"") == 250 && !all.contains("most severe"))
    let cut = render(251)
    #expect(cut.lines(with: "\"ruleIndex\"") == 50)
    #expect(cut.lines(with: "\"severity\": \"critical\"") == 26)
    #expect(cut.contains("the 50 most severe of 251 findings are in this file"))
  }

  @Test func namesThePlaceOfWhatIsNotInTheTreeAsRelated() {
    var places = SARIFPlaces(ReportOptions())
    let shadow = places.place(of: Samples.shadow)
    #expect(shadow.isSubstitute && shadow.location.path == "muster.yaml")
    var other = Samples.shadow
    other.fingerprint = String(repeating: "d", count: 64)
    #expect(places.place(of: other).hash != shadow.hash)
    #expect(!places.place(of: Samples.expired).isSubstitute)
  }

  @Test func tellsTwoFindingsOfOnePolicyOnOneLineApart() {
    var options = ReportOptions()
    options.source = Samples.source
    var places = SARIFPlaces(options)
    let first = places.place(of: Samples.expired).hash
    #expect(first == LineHash.hashes(of: Array(Samples.declaration.utf8))[4])
    var second = Samples.expired
    second.fingerprint = String(repeating: "e", count: 64)
    #expect(places.place(of: second).hash != first)
    #expect(places.place(of: Samples.unknown).hash == LineHash.hashes(of: Array(Samples.declaration.utf8))[0])
  }

  @Test(arguments: [
    ("identities/a b.yaml", "identities/a%20b.yaml"), ("./x/ü.yaml", "x/%C3%BC.yaml"),
    ("/var/log/a.json", "file:///var/log/a.json"),
    ("a:b?c#d%e", "a%3Ab%3Fc%23d%25e"),
  ]) func writesRelativeReferences(path: String, uri: String) {
    #expect(SARIFPlaces.uri(path) == uri)
  }

  @Test func escapesLinksOnlyWhereThereIsOne() {
    #expect(SARIFText.message("[a, b] and (c)") == "[a, b] and (c)")
    #expect(SARIFText.message("[x](javascript:y)") == "\\[x\\](javascript:y)")
    #expect(SARIFText.message("") == "-")
  }

  @Test func succeedsOnlyWhenEveryInputWasRead() {
    #expect(Self.render(Samples.empty).contains("\"executionSuccessful\": true"))
    #expect(Self.render(Samples.result).contains("\"executionSuccessful\": false"))
  }

  @Test func marksExceptedFindingsAsSuppressed() {
    var options = ReportOptions()
    options.showsExcepted = true
    let text = Self.render(Samples.result, options)
    #expect(text.contains("\"suppressions\"") && text.contains("exception batch-key-age"))
    #expect(!Self.render(Samples.result).contains("\"suppressions\""))
  }
}

extension String {
  fileprivate func lines(with part: String) -> Int { split(separator: "\n").count { $0.contains(part) } }
}
