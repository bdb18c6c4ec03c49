import Base
import Model
import Reports
import Testing

/// Nothing that a stranger writes into a name, a log or a YAML value acts in a report.
@Suite struct HostileTextTests {
  static let texts = [
    "\u{1B}[31mred\u{1B}]8;;https://evil.example\u{7}x", "\u{202E}gnp.exe\u{2066}", "zero\u{200B}width\u{E0041}",
    "a\nb\r\n::error::pwned", "::error file=x::pwned", "  ::set-output name=a::b", "##[error]pwned", "x ##vso[task.x]y",
    "%0A::error::x", "</details><script>alert(1)</script>", "a | b || c", "`` ` ``` `", "[x](javascript:alert(1))",
    "![x](http://e/i.png)",
    "@org/team please", "fixes #1 and GH-1", "https://evil.example/x www.evil.example", "=HYPERLINK(\"http://e\")",
    "+1+1", "@SUM(A1)",
    "-2+3", " =1+1", "]]><x>&lt;", "\"quoted\", and, commas", "\u{0}nul\u{8}\u{7F}\u{9B}31m", "\u{2028}line\u{2029}",
    "<!-- comment", "-->", "'; DROP", "\\", "| --- |", "\u{FFFE}\u{FFFF}",
  ]

  /// The text everywhere where a finding holds text.
  static func result(_ text: String) -> CheckResult {
    var finding = Finding(
      policy: text, code: text, title: text, severity: .high, verdict: .fail, message: text,
      location: SourceLocation(path: text, line: 1, column: 1))
    finding.identity = text
    finding.principal = PrincipalKey(text)
    finding.line = text
    finding.markLength = 3
    finding.evidence = [Tag(key: text, value: text), Tag(key: text, value: text)]
    finding.related = ["facts", "owner", text].map {
      RelatedLocation(role: $0, location: SourceLocation(path: text, line: 1, column: 1), message: text)
    }
    finding.controls = [Control(framework: text, ids: [text])]
    finding.remedy = text
    finding.help = text
    finding.fingerprint = text
    finding.exception = nil
    var result = CheckResult(now: Instant(milliseconds: 0))
    result.findings = Array(repeating: finding, count: 12)
    result.findings[1].verdict = .unknown
    result.fixed = [finding]
    finding.exception = text
    result.excepted = [finding]
    result.inputs = [Tag(key: text, value: text)]
    result.policies = [Samples.policy(finding)]
    result.coverage = [SourceCoverage(name: text, kind: .usage)]
    result.diagnostics = [
      Diagnostic(.invalid, at: SourceLocation(path: text, line: 1, column: 1), text, hint: text),
      Diagnostic(.warning, at: SourceLocation(path: text), text, hint: text),
    ]
    return result
  }

  private static func render(_ format: ReportFormat, _ text: String) -> String {
    var options = ReportOptions()
    options.showsExcepted = true
    options.source = { $0 == text ? Array(text.utf8) : nil }
    return String(decoding: format.render(result(text), options: options), as: UTF8.self)
  }

  @Test(arguments: ReportFormat.all, texts) func writesNothingThatATerminalActsOn(format: ReportFormat, text: String) {
    let written = Self.render(format, text).unicodeScalars
    #expect(!written.contains { $0.isUnprintable && $0 != "\n" && !($0 == "\r" && format.name == "csv") })
  }

  @Test(arguments: ReportFormat.all, texts) func startsNoWorkflowCommandOfItsOwn(format: ReportFormat, text: String) {
    // CSV, XML and JSON are not made for a CI log, but nobody keeps them out of it.
    for line in Self.render(format, text).split(whereSeparator: \.isNewline) {
      let line = line.drop { $0 == " " }
      if format.name == "github" && line.hasPrefix("::") {
        let heads = [
          "::error file=", "::warning file=", "::notice file=", "::notice title=muster::", "::group::", "::endgroup::",
        ]
        #expect(heads.contains { line.hasPrefix($0) })
        #expect(!line.dropFirst(2).contains("::error") || !line.hasPrefix("::group"))
      } else {
        #expect(!line.hasPrefix("::"))
      }
      if ["text", "concise", "github"].contains(format.name) && !line.hasPrefix("::") {
        #expect(!line.contains("##"))
      }
    }
  }

  @Test(arguments: texts) func keepsCommandPropertiesInTheirPlace(text: String) throws {
    let github = try #require(ReportFormat.named("github"))
    let lines = Self.render(github, text).split(separator: "\n").filter { $0.hasPrefix("::error") }
    #expect(lines.count == 10)
    for line in lines {
      // Up to the second `::` stand only the properties that we wrote: four commas, or three where there is a title.
      let body = line.dropFirst(2)
      let end = try #require(body.range(of: "::"))
      let properties = body[..<end.lowerBound].drop { $0 != " " }.split(separator: ",")
      let names = properties.map { $0.prefix { $0 != "=" }.drop { $0 == " " } }
      #expect(names == ["file", "line", "endLine", "col", "endColumn", "title"])
    }
  }

  @Test(arguments: texts) func keepsMarkdownInItsRows(text: String) throws {
    let markdown = try #require(ReportFormat.named("markdown"))
    let written = Self.render(markdown, text)
    #expect(written.count(of: "<details") == written.count(of: "</details>"))
    #expect(!written.contains("<script"))
    #expect(written.hasPrefix("<!-- muster -->\n"))
    #expect(written.count(of: "<!--") == 1)
    for row in written.split(separator: "\n") where row.hasPrefix("| ") {
      let bars = row.unescapedBars
      #expect(bars == 5 || bars == 4, "\(row)")
    }
    // Outside code spans nothing mentions, refers or links.
    let prose = written.withoutCodeSpans
    for token in ["@", "://", "www.", "](javascript", "]("] { #expect(!prose.contains(token), "\(token)") }
  }

  @Test(arguments: texts) func neverWritesAFormulaCell(text: String) throws {
    let csv = try #require(ReportFormat.named("csv"))
    for row in Self.render(csv, text).split(separator: "\r\n") {
      for cell in row.csvCells {
        #expect(!["=", "+", "-", "@"].contains(cell.drop { $0 == " " }.first), "\(cell)")
      }
      #expect(row.csvCells.count == 16)
    }
  }
}

extension StringProtocol {
  fileprivate func count(of needle: String) -> Int {
    var (count, rest) = (0, Substring(self))
    while let found = rest.range(of: needle) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }

  fileprivate func range(of needle: String) -> Range<Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(needle) { return at..<index(at, offsetBy: needle.count) }
      at = index(after: at)
    }
    return nil
  }

  /// Bars that end a table cell.
  fileprivate var unescapedBars: Int {
    var (count, isEscaped) = (0, false)
    for character in self {
      if character == "|" && !isEscaped { count += 1 }
      isEscaped = character == "\\" && !isEscaped
    }
    return count
  }

  /// As CommonMark finds code spans: a run of backticks up to the next run of the same length; `\`` outside starts none.
  fileprivate var withoutCodeSpans: String {
    let characters = Array(self)
    var (out, at) = ("", 0)
    while at < characters.count {
      if characters[at] == "\\" && at + 1 < characters.count {
        out += String(characters[at...(at + 1)])
        at += 2
        continue
      }
      guard characters[at] == "`" else {
        out.append(characters[at])
        at += 1
        continue
      }
      let run = characters[at...].prefix { $0 == "`" }.count
      var end = at + run
      while end < characters.count {
        let length = characters[end...].prefix { $0 == "`" }.count
        if length == run { break }
        end += Swift.max(1, length)
      }
      at = end < characters.count ? end + run : at + run
    }
    return out
  }

  fileprivate var csvCells: [String] {
    var (cells, cell, isQuoted) = ([String](), "", false)
    for character in self {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == "," && !isQuoted {
        cells.append(cell)
        cell = ""
      } else {
        cell.append(character)
      }
    }
    return cells + [cell]
  }
}
