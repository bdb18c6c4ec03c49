package import Base
package import Model

/// Who answers for which files, as GitHub reads CODEOWNERS: the last matching line wins, and a line without owners takes them
/// away. Patterns are those of gitignore without `!` and `[…]`; lines that GitHub would skip are skipped here too.
package struct CodeOwners: Sendable {
  private struct Rule: Sendable {
    let globs: [Glob]
    let owners: [String]
    let location: SourceLocation
  }

  private var rules: [Rule] = []
  /// Lines that are no rules.
  package private(set) var diagnostics: [Diagnostic] = []

  /// Reads the file; GitHub ignores one of more than 3 MB, which no tree reader lets through anyway.
  package init(_ file: SourceFile) {
    let lines = String(decoding: file.bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
    for (number, line) in lines.enumerated() {
      let words = CodeOwners.words(line)
      guard let pattern = words.first else { continue }
      // GitLab's sections: `[Name]`, `^[Name][2]`.
      if pattern.hasPrefix("[") || pattern.hasPrefix("^[") { continue }
      let location = SourceLocation(path: file.path, line: number + 1, column: 1)
      if let problem = CodeOwners.problem(pattern) {
        diagnostics.append(Diagnostic(.warning, at: location, problem, hint: "GitHub skips this line"))
      } else {
        rules.append(Rule(globs: CodeOwners.globs(pattern), owners: Array(words.dropFirst()), location: location))
      }
    }
  }

  /// The owners of a path relative to the repository's root, as written: `@name`, `@org/team`, an address. Empty for none.
  package func owners(of path: String) -> [String] { rule(path)?.owners ?? [] }

  /// The line that decides about a path.
  package func location(for path: String) -> SourceLocation? { rule(path)?.location }

  private func rule(_ path: String) -> Rule? { rules.last { $0.globs.contains { $0.matches(path) } } }

  /// Words of a line up to a comment; a backslash keeps the white space or `#` after it.
  private static func words(_ line: Substring) -> [String] {
    var (words, word, isEscaped) = ([String](), "", false)
    for character in line {
      if isEscaped {
        word.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "#" && word.isEmpty {
        break
      } else if character == " " || character == "\t" {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  private static func problem(_ pattern: String) -> String? {
    if pattern.hasPrefix("!") { return "CODEOWNERS knows no `!`" }
    if pattern.contains("[") || pattern.contains("]") { return "CODEOWNERS knows no `[…]`" }
    return pattern.allSatisfy { $0 == "/" } ? "the pattern names nothing" : nil
  }

  /// A pattern with a slash before its end starts at the root, another anywhere; one that names a folder means all in it, except
  /// that `docs/*` means the files right in it only.
  private static func globs(_ pattern: String) -> [Glob] {
    var body = pattern
    let isFolder = body.hasSuffix("/")
    while body.hasSuffix("/") { body.removeLast() }
    let isRooted = body.contains("/")
    while body.hasPrefix("/") { body.removeFirst() }
    if !isRooted { body = "**/" + body }
    let inside = Glob(body + "/*/**", .path)
    if isFolder { return [inside] }
    let last = body.split(separator: "/").last
    let isShallow = last == "**" || (last == "*" && isRooted)
    return isShallow ? [Glob(body, .path)] : [Glob(body, .path), inside]
  }
}
