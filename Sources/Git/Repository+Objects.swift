private import CGit2

/// The kinds of git objects, numbered as libgit2 does.
enum ObjectKind: Int32 {
  case commit = 1
  case tree = 2
  case blob = 3
  case tag = 4

  var name: String {
    switch self {
    case .commit: "commit"
    case .tree: "tree"
    case .blob: "blob"
    case .tag: "tag"
    }
  }
}

extension Repository {
  /// Whether the object is here.
  package func has(_ id: ObjectID) -> Bool {
    id.lend { cgit2().pointee.git_odb_exists(objects, $0.assumingMemoryBound(to: git_oid.self)) } == 1
  }

  /// Lends the bytes of a file's content (a blob), which may not be used afterwards. Where `limit` is given, a larger blob is
  /// refused before it is unpacked.
  package func withContents<Result>(
    of id: ObjectID, limit: Int? = nil, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(GitError) -> Result {
    if let limit, try size(of: id) > limit {
      throw GitError(.tooLarge, "read a file", subject: id.hex, detail: "\(limit)")
    }
    return try withObject(id, .blob) { bytes throws(GitError) in body(bytes) }
  }

  /// The bytes of a file's content (a blob); as `withContents`.
  package func contents(of id: ObjectID, limit: Int? = nil) throws(GitError) -> [UInt8] {
    try withContents(of: id, limit: limit) { [UInt8]($0) }
  }

  /// The size of an object in bytes.
  package func size(of id: ObjectID) throws(GitError) -> Int {
    var (size, kind) = (0, git_object_t(0))
    let status = id.lend {
      cgit2().pointee.git_odb_read_header(&size, &kind, objects, $0.assumingMemoryBound(to: git_oid.self))
    }
    try check(status, "read an object", subject: id.hex)
    return size
  }

  /// The raw bytes of a tree object.
  func treeBytes(_ id: ObjectID) throws(GitError) -> [UInt8] {
    try withObject(id, .tree) { bytes throws(GitError) in [UInt8](bytes) }
  }

  /// Lends the bytes of an object of the given kind. libgit2 has compared them with the object's name.
  func withObject<Result>(
    _ id: ObjectID, _ kind: ObjectKind, _ body: (UnsafeRawBufferPointer) throws(GitError) -> Result
  ) throws(GitError) -> Result {
    let git = cgit2()
    var object: OpaquePointer?
    let status = id.lend { git.pointee.git_odb_read(&object, objects, $0.assumingMemoryBound(to: git_oid.self)) }
    try check(status, "read a \(kind.name)", subject: id.hex)
    defer { git.pointee.git_odb_object_free(object) }
    guard git.pointee.git_odb_object_type(object).rawValue == kind.rawValue else {
      throw GitError(.wrongKind, "read a \(kind.name)", subject: id.hex, detail: kind.name)
    }
    let size = git.pointee.git_odb_object_size(object)
    return try body(UnsafeRawBufferPointer(start: git.pointee.git_odb_object_data(object), count: size))
  }
}
