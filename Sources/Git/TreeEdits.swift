/// What one file becomes.
package enum FileEdit: Hashable, Sendable {
  /// The file holds these bytes. One that was executable stays so.
  case write([UInt8])
  /// The file, or the folder with all in it, is gone; nothing happens where it is not there.
  case delete
}

/// Changes to make to a tree, by path.
package struct TreeEdits: Sendable {
  /// One name in the tree.
  struct Node: Sendable {
    var content: Content?
    /// Whether only what is written below stays.
    var isEmptied = false
    var children: [[UInt8]: Node] = [:]
  }

  enum Content: Sendable {
    case bytes([UInt8])
    case blob(ObjectID)
    case nothing
  }

  private(set) var root = Node()

  package init() {}

  /// The edits of a dictionary from path to edit.
  package init(_ edits: [String: FileEdit]) throws(GitError) {
    for (path, edit) in edits {
      switch edit {
      case .write(let bytes): try write(path, bytes)
      case .delete: try delete(path)
      }
    }
  }

  /// The file at the path shall hold these bytes.
  package mutating func write(_ path: String, _ bytes: [UInt8]) throws(GitError) { try set(path, .bytes(bytes)) }

  /// The file at the path shall be a blob that is stored already (`Repository.writeBlob`).
  package mutating func write(_ path: String, blob: ObjectID) throws(GitError) { try set(path, .blob(blob)) }

  /// The file or folder at the path shall be gone.
  package mutating func delete(_ path: String) throws(GitError) { try set(path, .nothing) }

  /// Only what is written below the folder shall stay in it: with the writes these edits are the folder's complete list.
  /// An empty path means the whole tree.
  package mutating func replaceAll(below folder: String) throws(GitError) {
    let parts = folder.isEmpty ? [] : try parts(ofPath: folder)
    change(&root, parts[...]) { $0.isEmptied = true }
  }

  private mutating func set(_ path: String, _ content: Content) throws(GitError) {
    change(&root, try parts(ofPath: path)[...]) { $0.content = content }
  }

  private func change(_ node: inout Node, _ parts: ArraySlice<[UInt8]>, _ body: (inout Node) -> Void) {
    guard let first = parts.first else { return body(&node) }
    change(&node.children[first, default: Node()], parts.dropFirst(), body)
  }
}
