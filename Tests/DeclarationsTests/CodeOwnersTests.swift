import Base
import Declarations
import Model
import Testing

@Suite struct CodeOwnersTests {
  private func owners(_ text: String, _ path: String) -> [String] {
    CodeOwners(SourceFile(path: "CODEOWNERS", bytes: Array(text.utf8))).owners(of: path)
  }

  /// The examples of GitHub's own page on CODEOWNERS, and the corners around them.
  @Test(arguments: [
    ("*", "a/b.js", true), ("*.js", "b.js", true), ("*.js", "a/b.js", true), ("*.js", "a/b.jsx", false),
    ("/build/logs/", "build/logs/a/b", true), ("/build/logs/", "x/build/logs/a", false),
    ("/build/logs/", "build/logs", false),
    ("docs/*", "docs/getting-started.md", true), ("docs/*", "docs/build-app/troubleshooting.md", false),
    ("docs/*", "x/docs/a.md", false), ("apps/", "x/apps/y/z", true), ("apps/", "apps", false),
    ("/docs/", "docs/a/b", true),
    ("/scripts/", "scripts/a", true), ("**/logs", "build/logs", true), ("**/logs", "deeply/nested/logs/a", true),
    ("/apps/github", "apps/github/x", true), ("/apps/github", "apps/github", true),
    ("/apps/github", "x/apps/github", false),
    ("identities", "identities/a.yaml", true), ("identities", "x/identities/a/b.yaml", true), ("a/**", "a/b/c", true),
    ("a/**/c.md", "a/c.md", true), ("a/**/c.md", "a/x/y/c.md", true), ("/*", "a", true), ("/*", "a/b", false),
    ("a?c", "abc", true), ("a?c", "a/c", false), ("a\\ b", "a b", true), ("\\#a", "#a", true),
  ]) func matchesAsGitHubDoes(pattern: String, path: String, matches: Bool) {
    #expect(owners("\(pattern) @x", path) == (matches ? ["@x"] : []))
  }

  @Test func lastLineWins() {
    let text = "* @all\n/identities/ @ids @org/team # the rest is a comment\n/identities/free/\nsomeone@acme.example\n"
    #expect(owners(text, "a") == ["@all"])
    #expect(owners(text, "identities/a") == ["@ids", "@org/team"])
    #expect(owners(text, "identities/free/a") == [])
  }

  @Test func skipsWhatGitHubSkips() {
    let text = "# comment\n\n!a @x\na[bc] @x\n[Section] @x\n^[Optional][2] @x\r\n* @y\r\n"
    let read = CodeOwners(SourceFile(path: "CODEOWNERS", bytes: Array(text.utf8)))
    #expect(read.owners(of: "ab") == ["@y"])
    #expect(read.diagnostics.map(\.location.line) == [3, 4])
    #expect(read.location(for: "ab")?.line == 7)
  }

  @Test func readsAnyBytes() {
    for bytes in [[UInt8](), [0xFF, 0x2A, 0x20], Array("////\n / @x\n\\".utf8), [UInt8](repeating: 0x2A, count: 5000)] {
      _ = CodeOwners(SourceFile(path: "CODEOWNERS", bytes: bytes)).owners(of: "a/b/c")
    }
  }
}
