import Base
import Model
import Reports
import Testing

@Suite struct FormatTests {
  private static var options: ReportOptions {
    var options = ReportOptions()
    options.source = Samples.source
    options.width = 100
    options.version = "1.2.3"
    return options
  }

  @Test(arguments: ReportFormat.all) func writesTheGoldenReport(format: ReportFormat) {
    Golden.expect(format.render(Samples.result, options: Self.options), "all.\(format.name)")
  }

  @Test(arguments: ReportFormat.all) func writesAnEmptyReport(format: ReportFormat) {
    Golden.expect(format.render(Samples.empty, options: Self.options), "none.\(format.name)")
  }

  @Test func coloursOnlyWhenAsked() {
    var options = Self.options
    options.colour = true
    Golden.expect(ReportFormat.named("text").map { $0.render(Samples.result, options: options) } ?? [], "colour.text")
    for format in ReportFormat.all {
      #expect(!format.render(Samples.result, options: Self.options).contains(0x1B), "\(format.name)")
    }
  }

  @Test func findsFormatsByNameOnly() {
    #expect(ReportFormat.named("sarif")?.fileExtension == "sarif")
    #expect(ReportFormat.named("SARIF") == nil)
    #expect(Set(ReportFormat.all.map(\.name)).count == ReportFormat.all.count)
  }

  @Test(arguments: ReportFormat.all) func givesTheSameBytesTwice(format: ReportFormat) {
    #expect(
      format.render(Samples.result, options: Self.options) == format.render(Samples.result, options: Self.options))
  }

  @Test(arguments: ReportFormat.all) func showsExceptedFindingsOnlyWhenAsked(format: ReportFormat) {
    var options = Self.options
    let hidden = String(decoding: format.render(Samples.result, options: options), as: UTF8.self)
    options.showsExcepted = true
    let shown = String(decoding: format.render(Samples.result, options: options), as: UTF8.self)
    switch format.name {
    // These hold them always: as a list of their own, as skipped cases.
    case "json", "junit": #expect(hidden.contains("400 days old") && shown == hidden)
    // Here an excepted finding would be an annotation or an issue like any other.
    case "concise", "github", "gitlab": #expect(!shown.contains("400 days old"))
    default: #expect(!hidden.contains("400 days old") && shown.contains("400 days old"))
    }
  }

  @Test(arguments: ["text", "concise", "github", "markdown"]) func countsUnchangedFindingsWithoutListingThem(
    name: String
  ) throws {
    let format = try #require(ReportFormat.named(name))
    var result = Samples.result
    for index in result.findings.indices { result.findings[index].change = .unchanged }
    var options = Self.options
    let hidden = String(decoding: format.render(result, options: options), as: UTF8.self)
    #expect(!hidden.contains("no declaration claims it"))
    options.showsUnchanged = true
    #expect(
      String(decoding: format.render(result, options: options), as: UTF8.self).contains("no declaration claims it"))
  }
}
