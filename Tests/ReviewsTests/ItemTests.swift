import Base
import Documents
import Model
import Testing

@testable import Reviews

@Suite struct ItemTests {
  @Test func writesForAnOwnerWhoNeverSawTheTool() throws {
    var acme = Acme()
    let text = try acme.openOne().text
    for expected in [
      "Publishes signed build artifacts of the payments service.", "**Expected:**",
      "Declared last valid day: 2026-11-19",
      "**Observed:** release-publisher expired on 2026-11-19 and is still enabled", "`s3:DeleteObject`",
      "no: `s3:DeleteObject`",
      "cut to its declaration: 1 used action, `s3:ListBucket`",
      "2 actions that it used: `s3:GetObject` (last 2026-11-19)",
      "muster decide ", "by **2026-11-25**", "Silence is never taken as a yes", "2026-11-26: it goes to team:platform",
      "2026-11-29: it goes to person:eli", "| **sum** | **", "`10.20.0.7` (120)",
    ] { #expect(text.contains(expected), "\(expected)") }
  }

  @Test func addsUpTheRiskThatItShows() throws {
    var acme = Acme()
    acme.findings.append(Acme.undeclared)
    for item in try acme.open().opened {
      let points = item.text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.contains(" of ") }.compactMap {
        line in
        Int(line.split(separator: "|")[1].split(separator: " ")[0])
      }
      #expect(points.count == 6)
      #expect(points.reduce(0, +) == item.risk)
      #expect((1...100).contains(item.risk))
    }
  }

  @Test func explainsWhatIsNoIdentity() throws {
    var acme = Acme()
    var stale = Acme.undeclared
    (stale.policy, stale.code, stale.principal) = ("source-stale", "COV-01", nil)
    stale.location = place("muster.yaml", 10)
    acme.findings = [stale]
    let item = try acme.openOne()
    #expect(item.subject == "finding:\(stale.fingerprint)")
    #expect(item.text.contains("This is about `muster.yaml:10:1`"))
    #expect(!item.text.contains("`rotate`") && !item.text.contains("What it did"))
    #expect(try acme.open().files.isEmpty)
    #expect(try acme.decided(.keep).standing(at: acme.now) == .decided)
  }

  @Test func saysThatUseIsUnknownWithoutLogs() throws {
    var acme = Acme()
    acme.facts.usage = []
    acme.facts.sources.removeAll { $0.kind == .usage }
    let item = try acme.openOne()
    #expect(item.text.contains("Unknown: no usage log covers it. That does not mean that it is idle."))
    #expect(item.evidence.window == nil)
  }

  @Test(arguments: [
    ("severity: high", "severity: hihg", "expected one of", "did you mean `high`?"),
    ("status: in-review", "status: reviewing", "status", ""),
    ("opened: 2026-11-20", "opened: soon", "expected a date", ""),
    ("digest: sha256:", "digest: md5:", "sha256", ""),
    ("owner: team:payments", "owner: payments", "team:NAME", ""),
    ("campaign: 2026-q4", "campain: 2026-q4", "campain", "did you mean `campaign`?"),
  ]) func namesThePlaceOfAMistake(old: String, new: String, message: String, hint: String) throws {
    var acme = Acme()
    acme.findings.append(Acme.undeclared)
    let plan = try acme.open()
    acme.store(plan.files)
    let item = try #require(plan.opened.first { $0.identity != nil })
    let lines = item.text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains(old) }) + 1
    acme.store([SourceFile(path: item.path, bytes: Array(item.text.replacing(old, with: new).utf8))])
    let problem = try #require(
      acme.reviews.diagnostics.first { $0.location.line == line || $0.message.contains(message) })
    #expect(problem.location.path == item.path && problem.location.column > 0)
    #expect(acme.reviews.diagnostics.contains { $0.hint.contains(hint) })
    #expect(acme.reviews.items.contains { $0.policy == "undeclared-identity" }, "the other item stands")
  }

  @Test func keepsGoodDecisionsBesideABadOne() throws {
    var acme = Acme()
    let item = try acme.openOne()
    try acme.decided(.keep)
    let bad =
      "  - decision: aprove\n    by: person:ana\n    at: 2026-11-22\n    reason: ok then\n    on: \(item.evidence.digest)\n"
    let text = try acme.item().text.replacing("---\n\n", with: bad + "---\n\n", maxReplacements: 1)
    acme.store([SourceFile(path: item.path, bytes: Array(text.utf8))])
    #expect(acme.reviews.diagnostics.count == 1)
    #expect(try acme.item().decisions.map(\.kind) == [.keep])
  }

  @Test func countsADecisionThatAPersonPastes() throws {
    var acme = Acme()
    let item = try acme.openOne()
    let lines = item.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix("  - decision:") })
    let block = lines[start...].prefix { !$0.hasPrefix("```") }.joined(separator: "\n").replacing(
      "your-name", with: "ana")
    let text = item.text.replacing("decisions: []", with: "decisions:\n\(block)", maxReplacements: 1)
    acme.store([SourceFile(path: item.path, bytes: Array(text.utf8))])
    #expect(acme.reviews.diagnostics.isEmpty)
    #expect(try acme.item().standing(at: acme.now) == .decided)
    #expect(acme.reviews.lastDecisions().keys.sorted() == ["release-publisher"])
  }

  @Test func findsItemsByIdPrefixOrPath() throws {
    var acme = Acme()
    acme.findings.append(Acme.undeclared)
    acme.store(try acme.open().files)
    let item = try acme.item()
    for name in [item.id, String(item.id.prefix(6)), item.path] {
      #expect(try acme.reviews.item(named: name, at: acme.now).id == item.id)
    }
    let wrong = #expect(throws: ReviewError.self) { try acme.reviews.item(named: item.id + "x", at: acme.now) }
    #expect(wrong?.hint == "did you mean `\(item.id)`?")
    #expect(throws: ReviewError.self) { try acme.reviews.item(named: "", at: acme.now) }
  }

  @Test func survivesAnyBytes() throws {
    var acme = Acme()
    _ = try acme.openOne()
    let item = try acme.decided(.extend, until: "2027-03-31")
    let signed = item.text.replacing("    route: owner", with: "    signature: |\n      armor\n\n    route: owner")
    let source = Array(signed.utf8)
    let spare = Array("-: |>{}[]&*#'\"\n\r\t x9\u{0}".utf8) + [0xFF, 0xC3]
    var seed: UInt64 = 42
    func random(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % bound
    }
    for _ in 0..<1500 {
      var bytes = source
      for _ in 0...random(4) {
        let at = random(min(bytes.count, 1200))
        switch random(3) {
        case 0: bytes[at] = spare[random(spare.count)]
        case 1: bytes.insert(spare[random(spare.count)], at: at)
        default: bytes.removeSubrange(at..<min(at + 1 + random(40), bytes.count))
        }
      }
      let (read, diagnostics) = ReviewItem.read(SourceFile(path: item.path, bytes: bytes))
      if read == nil { #expect(!diagnostics.isEmpty, "what is not read is said to be so") }
      for stored in StoredDecision.all(in: bytes, path: item.path) {
        guard let block = stored.block else { continue }
        #expect(bytes[block.range].elementsEqual(block.bytes))
        #expect(block.signedBytes.count <= block.bytes.count)
      }
    }
  }

  static let hostile = [
    "x\n---\n# owned", "a: b # c", "- [x](http://evil.example)", "<script>alert(1)</script>", "| cell | cell |",
    "``` ` ```",
    "\u{1B}[31mred", "‮gnp.exe", "@everyone", "decisions:\n  - decision: keep", "'\"\\", "!!python/object", "&a *a",
    "%TAG",
    "[muster-end]: # (Write your own notes below; Muster leaves them alone.)", "https://evil.example www.evil.example",
    "\u{0}\u{7}",
    "~~~\n## How to decide", "{{ x }} ${y}", "# heading", "1. one", "    code", "<!-- -->", "\u{2028}line", "null",
    "2026-11-20", "0x1F",
  ]

  @Test(arguments: hostile) func letsNoNameInjectYAMLOrMarkdown(name: String) throws {
    var acme = Acme()
    var finding = Acme.expired
    finding.principal = PrincipalKey("arn:aws:iam::111122223333:role/\(name)")
    finding.identity = name
    finding.message = "message \(name)"
    finding.title = "title \(name)"
    finding.remedy = name
    finding.evidence = [Tag(key: name, value: name)]
    finding.controls = [Control(framework: name, ids: [name])]
    var declaration = Acme.declaration
    declaration.handle = located(name, "identities/x.yaml")
    declaration.principals = []
    declaration.purpose = located(name)
    declaration.serves = [Tag(key: name, value: name)]
    declaration.environments = [located(name)]
    declaration.criticality = located(name)
    declaration.scope[0].actions = [located(name)]
    declaration.behaviour.regions = [located(name)]
    acme.governance.declarations = [declaration]
    var fact = Acme.publisherFact
    fact.principal = finding.principal ?? Acme.publisher
    fact.grants[0].actions = [name]
    fact.grants[0].resources = [name]
    fact.grants[0].via = name
    fact.trusts[0].principals = [name]
    fact.credentials = [CredentialFact(id: name, kind: name, status: .active)]
    fact.tags = [Tag(key: "owner", value: name)]
    acme.facts.identities = [fact]
    var usage = Acme.publisherUse
    usage.principal = fact.principal
    usage.actions[0].action = name
    usage.addresses[0].term = name
    usage.agents = usage.addresses
    acme.facts.usage = [usage]
    acme.findings = [finding]
    acme.template.notes = name
    acme.template.title = name

    let plan = try acme.open()
    let item = try #require(plan.opened.first)
    let (read, diagnostics) = ReviewItem.read(item.source)
    #expect(diagnostics.isEmpty)
    #expect(read?.identity == name)
    #expect(read?.principal == finding.principal)
    #expect(read?.decisions.isEmpty == true)
    for file in plan.files where file.path.hasSuffix(".md") {
      let matter = try #require(FrontMatter.read(file.bytes, path: file.path).frontMatter)
      try expectPlain(matter.body, name)
    }
    let population = try #require(plan.files.first { $0.path.hasSuffix("population.txt") })
    #expect(population.bytes.filter { $0 == 0x0A }.count == 1)
  }

  /// No markup of the stranger's comes out: headings and fences are ours alone, no HTML, no link, no control
  /// characters.
  private func expectPlain(_ body: String, _ name: String) throws {
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
    let ours = ["# ", "## ", "### "]
    for line in lines where line.hasPrefix("#") { #expect(ours.contains { line.hasPrefix($0) }) }
    let known: Set<Substring> = [
      "## What this is", "## Why you are asked", "## The evidence", "### What it may do", "### Who may become it",
      "### Its credentials",
      "### What it did", "## What you can decide", "## How to decide", "## If nobody answers", "## Notes",
    ]
    #expect(lines.filter { $0.hasPrefix("##") && !known.contains($0) && !$0.hasPrefix("## Risk ") }.isEmpty)
    #expect(lines.filter { $0.hasPrefix("```") }.count % 2 == 0)
    #expect(lines.filter { $0.hasPrefix(ItemBody.endMark) }.count <= 1)
    #expect(!body.unicodeScalars.contains { $0.isUnprintable && $0 != "\n" })
    let outsideCode = withoutCode(lines)
    for mark in ["<", "](", "://", "www.evil", "@everyone"] where mark != "](" || !outsideCode.contains("\\](") {
      #expect(!outsideCode.contains(mark), "\(mark) in \(outsideCode)")
    }
  }

  /// The text without code spans, fenced blocks and our two marks.
  private func withoutCode(_ lines: [Substring]) -> String {
    var out = ""
    var isFenced = false
    for line in lines {
      if line.hasPrefix("```") { isFenced.toggle() }
      if isFenced || line.hasPrefix("[muster-") { continue }
      var rest = line
      while let tick = rest.firstIndex(of: "`") {
        if tick > rest.startIndex, rest[rest.index(before: tick)] == "\\" {
          out += rest[...tick]
          rest = rest[rest.index(after: tick)...]
          continue
        }
        out += rest[..<tick]
        let fence = rest[tick...].prefix { $0 == "`" }
        let after = rest[fence.endIndex...]
        guard let close = closing(after, fence.count) else { break }
        rest = after[close...]
      }
      out += rest + "\n"
    }
    return out
  }

  private func closing(_ text: Substring, _ length: Int) -> Substring.Index? {
    var at = text.startIndex
    while at < text.endIndex {
      let run = text[at...].prefix { $0 == "`" }
      if run.count == length { return run.endIndex }
      at = run.isEmpty ? text.index(after: at) : run.endIndex
    }
    return nil
  }
}
