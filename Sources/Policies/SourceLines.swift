import Base
import Model

/// The lines of the files that findings point at.
final class SourceLines {
  private let files: [String: [UInt8]]
  private var lines: [String: [Substring]] = [:]

  init(_ sources: [SourceFile]) {
    files = Dictionary(sources.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
  }

  /// Sets the finding's line, and marks from its column to the end of the word, value or line.
  func mark(_ finding: inout Finding) {
    guard let line = line(finding.location) else { return }
    finding.line = line
    let rest = line.unicodeScalars.dropFirst(max(0, finding.location.column - 1))
    let length = rest.prefix { $0 != " " && $0 != "," && $0 != "}" && $0 != "]" }.count
    finding.markLength = max(1, length)
  }

  private func line(_ place: SourceLocation) -> String? {
    if lines[place.path] == nil, let bytes = files[place.path] {
      let text = String(decoding: bytes, as: UTF8.self)
      lines[place.path] = text.split(separator: "\n", omittingEmptySubsequences: false)
    }
    guard let all = lines[place.path], place.line >= 1, place.line <= all.count else { return nil }
    let line = all[place.line - 1]
    return String(line.last == "\r" ? line.dropLast() : line)
  }
}
