/// What a caller's agent is, without versions, ids and comments: `aws-cli/2.13.5 Python/3.11.4 Linux/5.10` → `aws-cli Python
/// Linux`. One identity showed 140 agents that differ in nothing else.
func agentFamily(_ agent: RawText) -> String {
  var words: [String] = []
  var depth = 0
  for token in agent.bytes.prefix(2048).split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }) {
    let opens = token.count { $0 == UInt8(ascii: "(") }
    let closes = token.count { $0 == UInt8(ascii: ")") }
    let isComment = depth > 0 || token.first == UInt8(ascii: "(")
    depth = max(0, depth + opens - closes)
    if isComment { continue }
    let word = agentWord(token)
    if !word.isEmpty && words.last != word { words.append(word) }
    if words.count == 6 { break }
  }
  if words.isEmpty { return agent.isEmpty ? "" : "(no name)" }
  return String(words.joined(separator: " ").prefix(128))
}

/// Keys of AWS SDK agents (`lang/python#3.11 md/arch#x86_64`) whose values tell no program.
private let passedOver: Set<String> = ["md", "cfg", "m", "ua", "ft", "api", "app", "exe", "prompt"]

private func agentWord(_ token: Slice<UnsafeBufferPointer<UInt8>>) -> String {
  let brackets: Set<UInt8> = [UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ";"), UInt8(ascii: "\"")]
  let text = token.filter { !brackets.contains($0) }
  let parts = text.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
  guard let head = parts.first else { return "" }
  let name = String(decoding: head, as: UTF8.self)
  if passedOver.contains(name) { return "" }
  if name == "os" || name == "lang" || name == "exec-env", parts.count == 2 {
    return "\(name)/\(String(decoding: parts[1].prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self))"
  }
  return withoutIDs(head)
}

/// Cuts trailing versions, UUIDs and hashes, with what joins them to the name.
private func withoutIDs(_ bytes: ArraySlice<UInt8>) -> String {
  var pieces = bytes.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
  var end = bytes.endIndex
  while let last = pieces.last, isID(last) {
    end = max(bytes.startIndex, last.startIndex - 1)
    pieces.removeLast()
  }
  if pieces.isEmpty { return "" }
  return String(decoding: bytes[..<end], as: UTF8.self)
}

/// A number, a version, or at least four hexadecimal digits with a decimal one among them.
private func isID(_ piece: ArraySlice<UInt8>) -> Bool {
  if piece.isEmpty { return true }
  let decimals = piece.count { $0 &- 0x30 < 10 }
  if piece.allSatisfy({ $0 &- 0x30 < 10 || $0 == UInt8(ascii: ".") }) { return true }
  if piece.first == UInt8(ascii: "v"), piece.count <= 2 { return false }
  return piece.count >= 4 && decimals > 0 && piece.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 6 }
}
