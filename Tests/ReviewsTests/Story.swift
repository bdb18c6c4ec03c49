import Base
import Model
import TestSupport
import Testing

@testable import Reviews

/// A history made of values: no repository is needed to test what the audit says.
struct Story {
  var acme = Acme()
  var steps: [AuditStep] = []
  var severities: Set<Severity> = []
  var hour = 0
  let keys: Keys

  init(_ keys: Keys, _ people: String...) throws {
    self.keys = keys
    for name in people { acme.governance.owners.people[name]?.keys = [located(try keys.publicKey(name))] }
  }

  /// A commit with the files of the tree that are not as they were; `signedBy` signs it as git would.
  @discardableResult
  mutating func commit(
    _ files: [SourceFile], deleting: [String] = [], declaring: [String] = [], signedBy: String? = nil,
    by author: String = "Mallory"
  ) throws -> AuditStep {
    acme.store(files)
    for path in deleting { acme.remove(path) }
    hour += 1
    let payload = Array("commit \(steps.count)".utf8)
    let signature = try signedBy.map {
      try keys.program.sign(payload, with: .file(keys.folder.path($0)), namespace: "git")
    }
    let step = AuditStep(
      commit: SHA256Digest(of: "\(steps.count)").hex,
      time: instant("2026-11-20T10:00:00Z").advanced(by: Milliseconds(Int64(hour) * 3_600_000)),
      author: author, signature: signature.map { .one(text: $0, payload: payload) } ?? .none,
      rules: AuditRules(owners: acme.governance.owners, signedSeverities: severities),
      changes: files.map { AuditStep.Change(path: $0.path, bytes: $0.bytes) }
        + deleting.map { AuditStep.Change(path: $0, bytes: nil) }
        + declaring.map { AuditStep.Change(path: $0, bytes: []) })
    steps.append(step)
    return step
  }

  mutating func open() throws { try commit(try acme.open().files) }

  @discardableResult
  mutating func decide(
    _ kind: Decision.Kind, by: String = "ana", signedWith key: String? = nil, approver: String? = nil,
    until: String? = nil
  ) throws -> DraftedDecision {
    var request = acme.decide(kind, by: by, until: until)
    request.approver = approver.map { OwnerReference(kind: .person, name: $0) }
    var draft = try makeDecision(request, on: try acme.item(), owners: Acme.owners, willSign: key != nil)
    if let key { draft = try keys.sign(draft, key) }
    try commit([draft.item.source])
    return draft
  }

  /// Replaces text in the item's file.
  mutating func edit(_ old: String, _ new: String) throws {
    let item = try acme.item()
    let text = item.text.replacing(old, with: new, maxReplacements: 1)
    guard text != item.text else { throw Missing("nothing to replace: \(old)") }
    try commit([SourceFile(path: item.path, bytes: Array(text.utf8))])
  }

  func report() -> AuditReport { audit(steps) }
  func codes() -> [AuditProblem.Code] { report().allProblems.map(\.code) }
}
