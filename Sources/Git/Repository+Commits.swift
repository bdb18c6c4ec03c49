private import CGit2

extension Repository {
  /// Reads a commit.
  package func commit(_ id: ObjectID) throws(GitError) -> Commit {
    do {
      return try withObject(id, .commit) { bytes throws(GitError) in try CommitParser.parse(bytes, id) }
    } catch {
      throw shallowIfSo(error)
    }
  }

  /// The root tree of a commit.
  func treeID(of commit: ObjectID) throws(GitError) -> ObjectID {
    do {
      return try withObject(commit, .commit) { bytes throws(GitError) in try CommitHeader.parse(bytes, commit).tree }
    } catch {
      throw shallowIfSo(error)
    }
  }

  /// A commit that is missing in a shallow clone is missing because of that.
  func shallowIfSo(_ error: GitError) -> GitError {
    error.code == .missingObject && isShallow ? GitError(.shallow, error.operation, subject: error.subject) : error
  }
}

extension Commit {
  /// The trailers of the message in their order, as `git interpret-trailers --parse` finds them. Anyone can write any: look
  /// for exact keys and refuse doubles.
  package var trailers: [Trailer] {
    get throws(GitError) {
      try LibGit2.start()
      try requireText(message, "read the trailers")
      var array = git_message_trailer_array()
      try check(cgit2().pointee.git_message_trailers(&array, message), "read the trailers", subject: id.hex)
      defer { cgit2().pointee.git_message_trailer_array_free(&array) }
      return (0..<array.count).map {
        Trailer(key: String(cString: array.trailers[$0].key), value: String(cString: array.trailers[$0].value))
      }
    }
  }

  /// The values of all trailers with that key, letters' case ignored.
  package func trailers(_ key: String) throws(GitError) -> [String] {
    try trailers.filter { $0.key.lowercased() == key.lowercased() }.map(\.value)
  }
}

/// The first lines of a commit, which are all that a walk needs.
struct CommitHeader {
  /// The root tree.
  let tree: ObjectID
  let parents: [ObjectID]
  /// The committer's time in seconds since the epoch; 0 where it cannot be read.
  let time: Int64

  static func parse(_ bytes: UnsafeRawBufferPointer, _ id: ObjectID) throws(GitError) -> CommitHeader {
    guard starts(bytes, at: 0, "tree "), bytes.count > 45, bytes[45] == UInt8(ascii: "\n"),
      let tree = ObjectID(digits: UnsafeRawBufferPointer(rebasing: bytes[5..<45]))
    else { throw malformed(id) }
    var parents: [ObjectID] = []
    var at = 46
    while starts(bytes, at: at, "parent ") {
      guard at + 47 < bytes.count, bytes[at + 47] == UInt8(ascii: "\n"),
        let parent = ObjectID(digits: UnsafeRawBufferPointer(rebasing: bytes[at + 7..<at + 47]))
      else { throw malformed(id) }
      parents.append(parent)
      at += 48
    }
    return CommitHeader(tree: tree, parents: parents, time: committerTime(bytes, at))
  }

  private static func committerTime(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int64 {
    var at = start
    while at < bytes.count, bytes[at] != UInt8(ascii: "\n") {
      let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      if starts(bytes, at: at, "committer ") {
        guard var digit = bytes[at..<end].lastIndex(of: UInt8(ascii: ">")) else { return 0 }
        digit += 2
        var value: Int64 = 0
        while digit < end, bytes[digit] &- UInt8(ascii: "0") < 10, value < 1 << 48 {
          value = value * 10 + Int64(bytes[digit] &- UInt8(ascii: "0"))
          digit += 1
        }
        return value
      }
      at = end + 1
    }
    return 0
  }

  private static func starts(_ bytes: UnsafeRawBufferPointer, at: Int, _ word: StaticString) -> Bool {
    at <= bytes.count
      && bytes[at...].starts(with: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  private static func malformed(_ id: ObjectID) -> GitError {
    GitError(.corruptObject, "read a commit", subject: id.hex, detail: "its lines have not git's form")
  }
}
