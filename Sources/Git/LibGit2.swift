private import CGit2

/// libgit2 itself: found and started on first use, once in the life of the program.
enum LibGit2 {
  /// Makes libgit2 ready. Costs some milliseconds the first time (it reads the system's certificates), nothing afterwards.
  static func start() throws(GitError) {
    guard let reason = cgit2_start() else { return }
    throw GitError(.libraryMissing, "start git", detail: String(cString: reason))
  }

  /// What loading the library under other names says; `nil` when it loads.
  static func failureOfLoading(_ first: String, _ second: String?) -> String? {
    let memory = UnsafeMutablePointer<cgit2_functions>.allocate(capacity: 1)
    defer { memory.deallocate() }
    var text = [CChar](repeating: 0, count: 512)
    if cgit2_load(first, second, memory, &text, text.count) == 0 { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
