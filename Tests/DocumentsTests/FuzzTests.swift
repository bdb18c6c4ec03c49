import Base
import Glibc
import Testing

@testable import Documents

private func setting(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Runs for `MUSTER_FUZZ_SECONDS` (1 when absent) from `MUSTER_FUZZ_SEED` (the clock when absent), and prints the seed.
@Suite struct FuzzTests {
  private static let seeds: [String] = [
    "identity: x\nowner: team:y # c\nscope:\n  - actions: [s3:Get*, \"b\"]\n    resources: ['*']\n",
    "a: |\n  b\n\n  c\nd: >-\n  e\n  f\n",
    "---\nitem: 1\ndecisions:\n  - by: ana\n    signature: |\n      -----BEGIN\n---\n# Title\n",
    "{a: [b, {c: \"d\\u00e9\"}], ? e : f}",
    "{\"Records\": [{\"a\": 1.5e3, \"b\": \"\\ud83d\\udd11\", \"c\": null, \"c\": [true, false]}]}",
    "[1,2]\n{\"a\":\"b\"}\n\"x\"\n",
    "a: &x [*x, !!int 1]\n<<: {b: c}\n? [d]\n: e\n", "a: 'b''c'\r\n\"d\\\r\n  e\": f\r\n",
    "\u{FEFF}é: ü\u{85}x\u{2028}y\n",
    String(repeating: "[", count: 300), String(repeating: "- ", count: 300), String(repeating: "? ", count: 300),
  ]
  private static let words = [
    "\n", "\r", "\t", " ", "  ", ":", ": ", "- ", "[", "]", "{", "}", ",", "\"", "'", "|", ">", "#", "&a", "*a", "!",
    "%", "\\", "---",
    "...", "\0", "\u{FEFF}", "é", "🔑", "\\u12", "null", "1e9",
  ]

  @Test func neverCrashesAndPointsIntoTheText() {
    let seconds = setting("MUSTER_FUZZ_SECONDS").flatMap { Double($0) } ?? 1
    let seed = setting("MUSTER_FUZZ_SEED").flatMap { UInt64($0) } ?? UInt64.random(in: .min ... .max)
    print("fuzz seed \(seed)")
    var random = Randomness(state: seed)
    let (clock, start) = (ContinuousClock(), ContinuousClock().now)
    var runs = 0
    while clock.now - start < .seconds(seconds) {
      for _ in 0..<20 { run(mutated(&random), &random) }
      runs += 20
    }
    print("fuzz runs \(runs)")
  }

  private func mutated(_ random: inout Randomness) -> [UInt8] {
    var bytes = Array((random.chance(30) ? RandomYAML(seed: random.next()).text : random.pick(FuzzTests.seeds)).utf8)
    for _ in 0..<random.int(0...8) {
      let at = random.int(0...bytes.count)
      switch random.int(0...5) {
      case 0: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: at)
      case 1, 2: bytes.insert(contentsOf: random.pick(FuzzTests.words).utf8, at: at)
      case 3: bytes.removeSubrange(at..<min(bytes.count, at + random.int(1...8)))
      case 4 where at < bytes.count: bytes[at] ^= 1 << UInt8(random.int(0...7))
      default:
        bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + random.int(0...40))], at: random.int(0...bytes.count))
      }
    }
    return bytes
  }

  private func run(_ bytes: [UInt8], _ random: inout Randomness) {
    let limits = random.chance(20) ? Limits(bytes: 400, depth: 5, nodes: 20) : .declarations
    let yaml = Document.yaml(bytes, path: "f", limits: limits)
    let matter = FrontMatter.read(bytes, path: "f", limits: limits)
    let reads = [
      yaml, (matter.frontMatter?.document, matter.diagnostics), Document.json(bytes, path: "f", limits: limits),
      Document.jsonLines(bytes, path: "f", limits: limits),
    ]
    for (document, diagnostics) in reads {
      check(diagnostics, bytes)
      if let document {
        for root in document.roots { visit(root, bytes) }
      } else {
        #expect(!diagnostics.isEmpty, "\(bytes)")
      }
    }
    if let document = yaml.document { edit(document, isClean: yaml.diagnostics.isEmpty, &random) }
  }

  private func check(_ diagnostics: [Diagnostic], _ bytes: [UInt8]) {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    #expect(!diagnostics.contains { $0.message == "the text is not JSON" }, "\(bytes)")
    for diagnostic in diagnostics where diagnostic.location.line > 0 {
      let (line, column) = (diagnostic.location.line, diagnostic.location.column)
      #expect(
        line <= lines.count && column >= 1 && column <= lines[min(line, lines.count) - 1].count + 1,
        "\(diagnostic) \(bytes)")
    }
  }

  private func visit(_ node: Node, _ bytes: [UInt8]) {
    #expect(node.range.lowerBound >= 0 && node.range.upperBound <= bytes.count, "\(bytes)")
    _ = (node.location, node.rawText, node.int, node.double, node.bool, node.count, node["a"], node.key)
    if let text = node.text { _ = (node.at(scalarOffset: text.count / 2), node.at(scalarOffset: 1 << 20)) }
    for element in node.elements { visit(element, bytes) }
    for (key, value) in node.members {
      visit(key, bytes)
      visit(value, bytes)
    }
    if node.range.lowerBound == 0 { _ = node.canonicalJSON() }
    var reader = MappingReader(node, kind: "seed", keys: ["a", "b"])
    _ = (reader.required("a", .list(of: .text)), reader.optional("b", .day))
  }

  private func edit(_ document: Document, isClean: Bool, _ random: inout Randomness) {
    let path: [PathStep] = [.key(random.pick(["a", "identity", "scope", "d", "new"]))]
    let text = random.hostileText()
    let edits = [
      Edit.set(path, to: .text(text)), .append(random.value(depth: 2), to: path), .insert(text, .literal(text)),
    ]
    guard let bytes = try? apply(edits: [random.pick(edits)], to: document) else { return }
    #expect(isClean, "\(document.bytes)")
    #expect(Document.yaml(bytes, path: "f", limits: document.arena.limits).diagnostics.isEmpty, "\(document.bytes)")
  }
}
