import Base
import Declarations
import Model
import Testing

@Suite struct LoadingTests {
  @Test func saysThatThereIsNoConfiguration() {
    let (_, diagnostics) = loadGovernance(files: []) { _ in [] }
    #expect(diagnostics.map(\.kind) == [.invalid])
    #expect(diagnostics.first?.hint.contains("muster init") == true)
  }

  @Test func losesNothingToABadFile() {
    var repository = Repository([
      "identities/a.yaml": "identity: a", "identities/b.yaml": "identity: [", "identities/c.yaml": "\u{0}",
      "identities/d.yml": "identity: d", "identities/notes.txt": "identity: no", "owners.yaml": "teams: 3",
      "exceptions/x.yaml": "- nonsense", "policies/p/own.yaml": "policy: p", "reviews/2026-q4/i.md": "x",
    ])
    repository.files["identities/c.yaml"] = nil
    let (governance, diagnostics) = loadGovernance(files: Array(repository.files.keys) + ["identities/c.yaml"]) {
      path in
      guard let text = repository.files[path] else { throw Missing() }
      return Array(text.utf8)
    }
    #expect(governance.declarations.map(\.handle.value) == ["a", "d"])
    #expect(
      Set(diagnostics.map(\.location.path)) == [
        "exceptions/x.yaml", "identities/b.yaml", "identities/c.yaml", "owners.yaml",
      ])
    #expect(diagnostics.first { $0.location.path == "identities/c.yaml" }?.kind == .unreadable)
    #expect(governance.policyFiles.map(\.path) == ["policies/p/own.yaml"])
    #expect(governance.reviewFiles.map(\.path) == ["reviews/2026-q4/i.md"])
    #expect(!governance.sources.contains { $0.path.hasPrefix("reviews/") })
  }

  @Test func reportsTwinsWithBothPlaces() {
    let problems = Repository([
      "identities/a.yaml": "identity: a\nprincipals: [aws:x, aws:y]",
      "identities/b.yaml": "identity: a\nprincipals: aws:x",
      "exceptions/a.yaml": "exception: e\npolicy: p\nidentity: a",
      "exceptions/b.yaml": "exception: e\npolicy: p\nidentity: a",
    ]).problems
    #expect(
      problems == [
        "exceptions/b.yaml:1:12: error: the exception id 'e' is used twice, first at exceptions/a.yaml:1:12 (keep it in one place)",
        "identities/b.yaml:1:11: error: the identity handle 'a' is used twice, first at identities/a.yaml:1:11 (keep it in one place)",
        "identities/b.yaml:2:13: error: the principal 'aws:x' is used twice, first at identities/a.yaml:2:14 (keep it in one place)",
      ])
  }

  @Test func refusesPathsThatDifferInCaseOnly() {
    let problems = Repository([
      "identities/A.yaml": "identity: a", "identities/a.yaml": "identity: b", "identities/ä.yaml": "identity: c",
      "identities/ö.yaml": "identity: d", "readme": "", "README": "",
    ]).problems
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("identities/a.yaml: error: the path differs from 'identities/A.yaml'") == true)
  }

  @Test func givesTheSameWhateverTheOrderAndTheParts() throws {
    let files = (0..<40).map { SourceFile(path: "identities/\($0).yaml", bytes: Array("identity: id-\($0 % 30)".utf8)) }
    let reference = loaded(files)
    #expect(reference.diagnostics.count == 11)
    #expect(loaded(files.reversed()).diagnostics == reference.diagnostics)
    var (left, right) = (GovernanceLoader(), GovernanceLoader())
    for (index, file) in files.enumerated() {
      if index % 3 == 0 { left.add(file, .declaration) } else { right.add(file, .declaration) }
    }
    right.merge(left)
    let merged = right.finish()
    #expect(merged.diagnostics == reference.diagnostics)
    #expect(merged.governance.declarations == reference.governance.declarations)
    #expect(merged.governance.sources == reference.governance.sources)
  }

  private func loaded(_ files: [SourceFile]) -> (governance: Governance, diagnostics: [Diagnostic]) {
    var loader = GovernanceLoader()
    for file in files { loader.add(file, .declaration) }
    return loader.finish()
  }

  @Test func takesCodeOwnersFromWhereGitHubLooksFirst() {
    let all = Repository([
      "docs/CODEOWNERS": "* @c", "CODEOWNERS": "* @b", ".github/CODEOWNERS": "* @a", "x/CODEOWNERS": "* @d",
    ])
    #expect(all.load().governance.codeOwners?.path == ".github/CODEOWNERS")
  }
}

/// Only some declarations are asked for.
@Suite struct PartialLoadingTests {
  private static let repository = Repository([
    "identities/a.yaml": "identity: a\nprincipals: [aws:a]", "identities/b.yaml": "identity: b\nprincipals: [aws:b]",
    "identities/c.yaml": "identity: c # was a\nprincipals: [aws:a]", "identities/d.yaml": "identity: d",
    "exceptions/e.yaml": "exception: e\npolicy: p\nidentity: d",
  ])

  @Test func decodesOnlyWhatWasAskedForAndWhatClaimsTheSame() {
    let (governance, diagnostics) = Self.repository.load(only: ["identities/a.yaml"])
    #expect(governance.declarations.map(\.handle.value) == ["a", "c"])
    #expect(governance.exceptions.count == 1)
    #expect(diagnostics.map(\.description).first?.contains("the principal 'aws:a' is used twice") == true)
  }

  @Test func opensNoOtherFileForEstablishedNames() {
    var opened: [String] = []
    let read = Self.repository.load(only: ["identities/a.yaml"], established: ["a", "aws:a"]) { opened.append($0) }
    #expect(Set(opened) == ["muster.yaml", "exceptions/e.yaml", "identities/a.yaml"])
    #expect(read.governance.declarations.map(\.handle.value) == ["a"] && read.diagnostics.isEmpty)
  }

  @Test(arguments: [
    ("identity: nightly", true), ("identity: \"nightly\"", true), ("identity: nightly-batch", false),
    ("identity: x-nightly", false), ("- {identity: nightly}", true), ("nightly", true), ("", false),
    ("identity: a\nnotes: as team a b does", true), ("identity: a", false),
  ]) func findsNamesAsWholeWords(text: String, isFound: Bool) {
    #expect(NameScan(["nightly", "team a b", ""]).finds(in: Array(text.utf8)) == isFound)
  }

  /// Whatever the whole repository shows, its parts show about themselves.
  @Test(arguments: 0..<20) func agreesWithTheWholeRepository(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var files: [String: String] = [:]
    for number in 0..<30 {
      files["identities/\(number).yaml"] = "identity: id-\(next(40))\nprincipals: [aws:\(next(60)), aws:\(next(60))]"
    }
    let (repository, path) = (Repository(files), "identities/\(next(30)).yaml")
    let about = { (diagnostic: Diagnostic) in
      diagnostic.location.path == path || diagnostic.message.hasSuffix("first at \(path):1:11")
    }
    #expect(repository.load(only: [path]).diagnostics.filter(about) == repository.load().diagnostics.filter(about))
  }
}
