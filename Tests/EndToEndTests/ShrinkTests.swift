import Base
import TestSupport
import Testing

/// A snapshot that loses many identities is more often a broken export than a clean-up.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct ShrinkTests {
  private func repository() throws -> ScratchRepository {
    let scratch = try ScratchRepository()
    try scratch.write(
      "muster.yaml",
      "muster: 1\nsources:\n  inventory:\n    - { name: aws, path: exports/*, covers: [\"aws:*\"] }\nfacts: { branch: muster/observed }\n"
    )
    try export((0..<12).map { "u\($0)" }, to: scratch)
    #expect(try Muster.run("sync", in: scratch.path).status == 0)
    return scratch
  }

  /// Users of those names; the platform's ids stay by their place.
  private func export(_ names: [String], to scratch: ScratchRepository) throws {
    let users = names.enumerated().map { number, name in
      #"{"UserName": "\#(name)", "UserId": "AIDA\#(number)", "Arn": "arn:aws:iam::111122223333:user/\#(name)"}"#
    }
    try scratch.write(
      "exports/all.json",
      #"{"UserDetailList": [\#(users.joined(separator: ","))], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}"#
    )
  }

  @Test func refusesToForgetAQuarter() throws {
    let scratch = try repository()
    let before = try scratch.run("rev-parse", "muster/observed")
    try export((0..<8).map { "u\($0)" }, to: scratch)
    let result = try Muster.run("sync", in: scratch.path)
    #expect(result.status == 3)
    #expect(result.error.contains("4 of 12 identities of aws are gone; nothing was committed"), "\(result.error)")
    #expect(result.error.contains("gone: arn:aws:iam::111122223333:user/u11"), "\(result.error)")
    #expect(try scratch.run("rev-parse", "muster/observed") == before)
    #expect(try Muster.run("sync", "--accept-shrink", in: scratch.path).status == 0)
    #expect(try scratch.run("rev-parse", "muster/observed") != before)
  }

  @Test func takesRenamedOnesForTheSame() throws {
    let scratch = try repository()
    try export((0..<12).map { "renamed-\($0)" }, to: scratch)
    let result = try Muster.run("sync", in: scratch.path)
    #expect(result.status == 0, "\(result.error)")
    let page = try Muster.run("diff", "--facts", in: scratch.path).output
    #expect(page.contains("renamed: was arn:aws:iam::111122223333:user/u3"), "\(page)")
  }
}
