extension FileTree {
  /// Opens what is needed to read the files' contents. Each worker thread makes its own.
  package func reader() throws(GitError) -> FileReader {
    switch origin {
    case .repository(let location): FileReader(try Repository(location))
    case .folder(let path): FileReader(try FolderReader(path))
    }
  }
}

/// Reads the contents of a file tree's entries.
package struct FileReader: ~Copyable {
  private enum Source: ~Copyable {
    case repository(Repository)
    case folder(FolderReader)
  }

  private let source: Source

  init(_ repository: consuming Repository) { source = .repository(repository) }
  init(_ folder: FolderReader) { source = .folder(folder) }

  /// Lends the bytes of an entry, which may not be used afterwards; a link's bytes are the text it holds. An entry larger than
  /// `limit` bytes and a submodule are errors.
  package borrowing func withContents<Result>(
    of entry: FileTree.Entry, limit: Int? = nil, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(GitError) -> Result {
    if entry.kind == .submodule {
      throw GitError(.wrongKind, "read a file", subject: entry.path, detail: "file but a repository of its own")
    }
    do throws(GitError) {
      switch source {
      case .repository(let repository):
        guard let id = entry.id else {
          throw GitError(.missingObject, "read a file", subject: entry.path)
        }
        return try repository.withContents(of: id, limit: limit, body)
      case .folder(let folder):
        let bytes = try folder.contents(of: entry, limit: limit)
        return bytes.withUnsafeBytes(body)
      }
    } catch {
      throw error.code == .tooLarge
        ? GitError(.tooLarge, "read a file", subject: entry.path, detail: error.detail) : error
    }
  }

  /// The bytes of an entry; as `withContents`.
  package borrowing func contents(of entry: FileTree.Entry, limit: Int? = nil) throws(GitError) -> [UInt8] {
    try withContents(of: entry, limit: limit) { [UInt8]($0) }
  }
}
