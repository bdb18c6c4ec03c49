/// How one platform's exports are made with its own program.
struct CollectPlan: Sendable {
  /// As `muster collect` calls it.
  let platform: String
  /// The vendor's program, which holds the credentials.
  let program: String
  /// What the person must say, in `{name}` of the steps: `project`, `organization`.
  var parameters: [(name: String, help: String)] = []
  /// The least that the caller must be allowed, in the platform's own form, with a line on how to grant it.
  let permission: String
  let steps: [CollectStep]
  /// Why the calls are only printed, where the platform has no program that makes them.
  var onlyPrinted: String?

  /// Every platform; to add one, a file and a line here.
  static let all: [CollectPlan] = [
    .aws, .gcp, .azure, .kubernetes, .github, .gitlab, .vault, .okta, .spire, .snowflake, .databricks,
  ]
}

/// One read-only call; what it prints is one export.
struct CollectStep: Sendable {
  /// What the call prints, for people.
  let what: String
  /// The words after the program's name; `{each}` and parameters are filled in as whole words or parts of them.
  let arguments: [String]
  /// Where the export goes, below the folder; `nil` for a call that only prepares another. What only lists names for other calls goes
  /// below `.lists`, which `sync` passes over.
  let file: String?
  /// The call is made once for each value that an earlier export holds.
  var each: Each?
  /// Whether many who collect cannot or need not do it: a refusal is told and is no failure.
  var isOptional = false
  /// Tried again, a second apart, while it says this: on standard error where it fails, else in what it prints.
  var waitsWhile: String?

  /// Values in an earlier export: its file, and the place of the values in it (`Users/*/UserName`).
  struct Each: Sendable {
    let file: String
    let place: String
    /// Only the last part of a path is taken: `projects/p/locations/global/workloadIdentityPools/POOL`.
    var takesLastPart = false
    /// Only what follows it in an address is taken, and its slashes stay folders: `acme/web/environments/prod`.
    var after: String?
  }

  init(
    _ what: String, _ arguments: [String], to file: String?, each: Each? = nil, isOptional: Bool = false,
    waitsWhile: String? = nil
  ) {
    (self.what, self.arguments, self.file) = (what, arguments, file)
    (self.each, self.isOptional, self.waitsWhile) = (each, isOptional, waitsWhile)
  }
}
