import Testing

@testable import Git

@Suite struct ObjectIDTests {
  static let text = "0123456789abcdef0123456789abcdef01234567"

  @Test func readsAndShowsHexadecimalDigits() throws {
    let id = try #require(ObjectID(hex: Self.text))
    #expect(id.hex == Self.text && id.description == Self.text && id.short == "0123456789ab")
    #expect(id.bytes == [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF] + id.bytes[8...])
    #expect(ObjectID(hex: Self.text.uppercased()) == id)
    let again = id.bytes.withUnsafeBytes { $0.baseAddress.map { ObjectID(raw: $0) } }
    #expect(again == id)
  }

  @Test(arguments: [
    "", "0123", text + "0", String(text.dropLast()), text.dropLast() + "g", text.dropLast() + "é", " " + text,
  ])
  func refusesOtherTexts(_ text: String) { #expect(ObjectID(hex: text) == nil) }

  @Test func ordersByBytes() throws {
    let digits = Array("0123456789abcdef")
    var generator = SystemRandomNumberGenerator()
    let texts = (0..<200).map { _ in
      String((0..<40).map { $0 < 38 && Bool.random() ? "0" : digits.randomElement(using: &generator) ?? "0" })
    }
    let ids = texts.compactMap { ObjectID(hex: $0) }
    #expect(ids.sorted().map(\.hex) == texts.sorted())
  }
}

@Suite struct LibGit2Tests {
  @Test func saysThatTheLibraryIsMissing() {
    #expect(LibGit2.failureOfLoading("libno-such-library.so.0", nil) == "libgit2 is not installed")
    let error = GitError(.libraryMissing, "start git", detail: "libgit2 is not installed")
    let text = "cannot start git: libgit2 is not installed (install it: apt-get install libgit2-1.5)"
    #expect(error.description == text)
  }

  @Test func saysThatAFunctionIsMissing() {
    let text = LibGit2.failureOfLoading("libc.so.6", nil)
    #expect(text == "the installed libgit2 has no function git_libgit2_init")
  }

  @Test func startsTheInstalledLibrary() { #expect(throws: Never.self) { try LibGit2.start() } }

  @Test(arguments: GitError.Code.allCases)
  func givesEachErrorAText(_ code: GitError.Code) {
    let error = GitError(code, "do it", subject: "a\nb", detail: "because")
    #expect(error.description.hasPrefix("cannot do it: ") && error.description.count > 20)
    #expect(!error.description.contains("\n") && !error.message.hasSuffix("."))
  }
}
