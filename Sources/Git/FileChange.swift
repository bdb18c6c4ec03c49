/// How one file differs between two trees.
package struct FileChange: Hashable, Sendable {
  /// One version of a file.
  package struct Version: Hashable, Sendable {
    /// The blob (or the submodule's commit).
    package let id: ObjectID
    /// What it is.
    package let kind: FileTree.Kind
  }

  /// Path from the root.
  package let path: String
  /// The version before; `nil` where the file was added.
  package let before: Version?
  /// The version after; `nil` where the file was deleted.
  package let after: Version?
}

/// Gathers changes; names that are not UTF-8 are shown as well as they can be, since a change must never go unseen.
struct FileChanges {
  private(set) var list: [FileChange] = []

  mutating func add(_ path: [UInt8], _ before: FileChange.Version?, _ after: FileChange.Version?) {
    list.append(FileChange(path: String(decoding: path, as: UTF8.self), before: before, after: after))
  }
}
