import Base
import Model

/// A line under a finding: `= help: …`, continued on aligned lines.
struct Note {
  let label: String
  let lines: [String]
  /// `false` for what is to be copied: it stays on one line.
  var isWrapped = true

  init(_ label: String, _ lines: [String]) {
    self.label = label
    self.lines = lines
  }

  init(_ label: String, _ line: String) { self.init(label, line.isEmpty ? [] : [line]) }
}

extension TextReport {
  /// One finding, whole.
  mutating func block(_ finding: Finding) {
    let ink = Pen.ink(of: finding)
    let mark = finding.mark.map { ", \($0)" } ?? ""
    let head = "\(finding.word)[\(PlainText.line(finding.code))\(mark)]"
    print("\(pen(head, ink))\(pen(": \(PlainText.line(finding.message, limit: 1000))", .bold))")
    let drawn = finding.related.filter { isDrawn($0) }
    let gutter = ([finding.location] + drawn.map(\.location)).map { margin($0) }.max() ?? 1
    place(finding.location, arrow: "-->", gutter: gutter)
    if let line = finding.line ?? lines.line(at: finding.location) {
      let shown = snippet(line, at: finding.location, marked: finding.markLength, gutter: gutter)
      draw(shown, ink: ink, gutter: gutter, label: "")
    }
    for other in drawn { related(other, gutter: gutter) }
    for note in notes(finding) { self.note(note, gutter: gutter) }
    print()
  }

  /// Places in the declarations are shown with their line; facts, logs and policies are only named.
  private mutating func isDrawn(_ related: RelatedLocation) -> Bool {
    !["facts", "log", "policy"].contains(related.role) && lines.line(at: related.location) != nil
  }

  private mutating func related(_ other: RelatedLocation, gutter: Int) {
    guard let line = lines.line(at: other.location) else { return }
    place(other.location, arrow: "==>", gutter: gutter)
    let shown = snippet(line, at: other.location, marked: 1, gutter: gutter)
    draw(shown, ink: .boldBlue, gutter: gutter, label: "\(other.role): \(other.message)")
  }

  private mutating func notes(_ finding: Finding) -> [Note] {
    let width = finding.evidence.map { displayWidth(PlainText.line($0.key, limit: 60)) }.max() ?? 0
    var notes = [
      Note(
        "evidence",
        finding.evidence.map {
          "\(PlainText.line($0.key, limit: 60).padded(to: width))  \(PlainText.line($0.value, limit: 400))"
        })
    ]
    for other in finding.related where !isDrawn(other) {
      if other.role == "policy" {
        // The policy is named below; here its reason counts.
        if !other.message.isEmpty { notes.append(Note("why", PlainText.line(other.message, limit: 400))) }
        continue
      }
      notes.append(
        Note(
          PlainText.line(other.role), "\(PlainText.place(other.location)): \(PlainText.line(other.message, limit: 400))"
        ))
    }
    if finding.verdict == .unknown {
      notes.append(Note("note", "not judged for want of facts; \(finding.severity.rawValue) where it fails"))
    }
    notes.append(Note("help", PlainText.line(finding.remedy)))
    let id = PlainText.line(String(finding.fingerprint.prefix(12)))
    let explain = id.isEmpty ? "" : " (muster explain \(id))"
    notes.append(Note("policy", PlainText.line(finding.policy) + explain))
    if finding.verdict == .fail, let template = ExceptionTemplate(finding, now: result.now) {
      var note = Note("except", "\(template.line)  in \(template.path)")
      note.isWrapped = false
      notes.append(note)
    }
    return notes
  }

  mutating func place(_ location: SourceLocation, arrow: String, gutter: Int) {
    let margin = String(repeating: " ", count: gutter)
    print("\(margin)\(pen(arrow, .boldBlue)) \(PlainText.place(location))")
  }

  /// The line number, the line and the carets, with what they mean behind them.
  mutating func draw(_ snippet: Snippet, ink: Pen.Ink, gutter: Int, label: String) {
    let margin = String(repeating: " ", count: gutter)
    print("\(margin) \(pen("|", .boldBlue))")
    let number = pen("\(String(snippet.number).aligned(to: gutter)) |", .boldBlue)
    print(snippet.text.isEmpty ? number : "\(number) \(snippet.text)")
    let carets = String(repeating: "^", count: snippet.length)
    let words = label.isEmpty ? "" : " " + PlainText.line(label, limit: 200)
    guard snippet.length > 0 else { return }
    let indent = String(repeating: " ", count: snippet.offset)
    print("\(margin) \(pen("|", .boldBlue)) \(indent)\(pen(carets + words, ink))")
  }

  mutating func note(_ note: Note, gutter: Int) {
    let margin = String(repeating: " ", count: gutter)
    let head = "= \(note.label): "
    let indent = String(repeating: " ", count: head.unicodeScalars.count)
    let room = options.width == 0 || !note.isWrapped ? 0 : max(30, options.width - gutter - 1 - indent.count)
    var isFirst = true
    for line in note.lines.flatMap({ $0.wrapped(to: room) }) {
      let start = isFirst ? "\(pen("=", .boldBlue)) \(pen(note.label, .bold)): " : indent
      print("\(margin) \(start)\(note.isWrapped ? line : pen(line, .faint))")
      isFirst = false
    }
  }

  func margin(_ location: SourceLocation) -> Int { max(2, String(location.line).count) }

  func snippet(_ line: String, at location: SourceLocation, marked: Int, gutter: Int) -> Snippet {
    let limit = options.width == 0 ? 160 : max(40, options.width - gutter - 3)
    return Snippet(line: line, number: location.line, column: location.column, marked: marked, limit: limit)
  }
}
