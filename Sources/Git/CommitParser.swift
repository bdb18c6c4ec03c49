import Base

/// Reads the raw bytes of a commit object: header lines, a blank line, the message. A header line that starts with a space goes
/// on with the one before (git's `commit.c`).
struct CommitParser {
  private let id: ObjectID
  private let bytes: UnsafeRawBufferPointer
  private var tree: ObjectID?
  private var parents: [ObjectID] = []
  private var author: CommitPerson?
  private var committer: CommitPerson?
  private var signatureText: [UInt8] = []
  private var signatureCount = 0
  private var hasOtherSignature = false
  private var payload: [UInt8] = []

  private init(_ bytes: UnsafeRawBufferPointer, _ id: ObjectID) {
    self.bytes = bytes
    self.id = id
  }

  static func parse(_ bytes: UnsafeRawBufferPointer, _ id: ObjectID) throws(GitError) -> Commit {
    var parser = CommitParser(bytes, id)
    let messageStart = try parser.readHeaders()
    guard let tree = parser.tree, let author = parser.author, let committer = parser.committer else {
      throw parser.malformed("it lacks a tree, an author or a committer")
    }
    let message = String(decoding: bytes[messageStart...], as: UTF8.self)
    return Commit(
      id: id, tree: tree, parents: parser.parents, author: author, committer: committer, message: message,
      signature: parser.signature(message: bytes[messageStart...]))
  }

  private func signature(message: Slice<UnsafeRawBufferPointer>) -> CommitSignature {
    if signatureCount == 0 && !hasOtherSignature { return .none }
    guard signatureCount == 1, !hasOtherSignature else { return .several }
    let text = String(decoding: signatureText, as: UTF8.self)
    return .one(text: text, payload: payload + [UInt8(ascii: "\n")] + message)
  }

  /// Reads up to the blank line; gives where the message starts.
  private mutating func readHeaders() throws(GitError) -> Int {
    var at = 0
    var isInSignature = false
    while at < bytes.count {
      let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      if end == at { return at + 1 }
      let line = bytes[at..<end]
      let isContinued = line.first == UInt8(ascii: " ")
      if !isContinued {
        isInSignature = starts(line, "gpgsig ")
        if isInSignature { signatureCount += 1 }
        if starts(line, "gpgsig-") { hasOtherSignature = true }
      }
      if isInSignature {
        signatureText += line.dropFirst(isContinued ? 1 : "gpgsig ".utf8.count)
        signatureText.append(UInt8(ascii: "\n"))
      } else {
        payload += line
        payload.append(UInt8(ascii: "\n"))
        if !isContinued { try readHeader(line) }
      }
      at = end + 1
    }
    return bytes.count
  }

  private mutating func readHeader(_ line: Slice<UnsafeRawBufferPointer>) throws(GitError) {
    if starts(line, "tree ") {
      if tree != nil { throw malformed("it has two trees") }
      tree = try objectID(line.dropFirst(5))
    } else if starts(line, "parent ") {
      parents.append(try objectID(line.dropFirst(7)))
    } else if starts(line, "author ") {
      if author != nil { throw malformed("it has two authors") }
      author = person(line.dropFirst(7))
    } else if starts(line, "committer ") {
      if committer != nil { throw malformed("it has two committers") }
      committer = person(line.dropFirst(10))
    }
  }

  private func objectID(_ digits: Slice<UnsafeRawBufferPointer>) throws(GitError) -> ObjectID {
    guard let id = ObjectID(digits: UnsafeRawBufferPointer(rebasing: digits)) else {
      throw malformed("an object's name in it is not one")
    }
    return id
  }

  private func starts(_ line: Slice<UnsafeRawBufferPointer>, _ word: StaticString) -> Bool {
    line.starts(with: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  private func malformed(_ detail: String) -> GitError {
    GitError(.corruptObject, "read a commit", subject: id.hex, detail: detail)
  }
}

/// Reads `Name <address> seconds +hhmm`. Broken ones exist in old histories: what cannot be read is empty or 0.
private func person(_ line: Slice<UnsafeRawBufferPointer>) -> CommitPerson {
  let open = line.firstIndex(of: UInt8(ascii: "<")) ?? line.endIndex
  let close = line.lastIndex(of: UInt8(ascii: ">")) ?? line.endIndex
  let email = open < close ? line[line.index(after: open)..<close] : line[line.endIndex...]
  let tail = close < line.endIndex ? line[line.index(after: close)...] : line[line.endIndex...]
  let words = tail.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
  let seconds = words.first.flatMap { Int64($0) } ?? 0
  let (milliseconds, isTooFar) = seconds.multipliedReportingOverflow(by: 1000)
  let zone = words.count > 1 ? Int(words[1]) ?? 0 : 0
  return CommitPerson(
    name: trimmed(line[..<open]), email: trimmed(email),
    time: Instant(milliseconds: isTooFar ? 0 : milliseconds), offset: zone / 100 * 60 + zone % 100)
}

private func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
  let head = bytes.drop { $0 == UInt8(ascii: " ") }
  let tail = head.reversed().drop { $0 == UInt8(ascii: " ") }.count
  return String(decoding: head.prefix(tail), as: UTF8.self)
}
