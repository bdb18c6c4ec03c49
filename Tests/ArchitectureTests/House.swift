import TestSupport

/// The plan of the house: who stands on which floor, who may use whom, which C library belongs to which room.
enum House {
  /// Rooms and programs with the rooms that they may import.
  static let rooms: [String: Set<String>] = [
    "Base": [],
    "Git": ["Base"],
    "Documents": ["Base"],
    "Expressions": ["Base"],
    "Model": ["Base"],
    "Inventory": ["Base", "Documents", "Model"],
    "Usage": ["Base", "Documents", "Model"],
    "Catalog": ["Base", "Model", "Usage"],
    "Facts": ["Base", "Git", "Documents", "Model"],
    "Declarations": ["Base", "Git", "Documents", "Model"],
    "Policies": ["Base", "Documents", "Expressions", "Model", "Declarations"],
    "Reviews": ["Base", "Git", "Documents", "Model", "Declarations"],
    "Reports": ["Base", "Model"],
    "Commands": [
      "Base", "Git", "Documents", "Expressions", "Model", "Inventory", "Usage", "Catalog", "Facts", "Declarations",
      "Policies", "Reviews", "Reports",
    ],
    "muster": ["Commands"],
    "muster-rollup": ["Base", "Usage"],
    "muster-bench": ["Base", "Expressions", "Model", "Usage", "Commands"],
    "cel-conformance": ["Base", "Documents", "Expressions"],
    "embed-policies": [],
  ]

  /// The floors of DESIGN.md §8, from the ground up.
  static let floors: [Set<String>] = [
    ["Base"],
    ["Git", "Documents", "Expressions", "Model"],
    ["Inventory", "Usage"],
    ["Catalog", "Facts", "Declarations"],
    ["Policies"],
    ["Reviews", "Reports"],
    ["Commands"],
    ["muster", "muster-rollup", "muster-bench", "cel-conformance", "embed-policies"],
  ]

  /// C libraries with the only rooms and programs that may see them.
  static let doors: [String: Set<String>] = [
    "CGit2": ["Git"],
    "CYAML": ["Documents"],
    "CISAL": ["Usage", "muster-bench"],
    "CZstd": ["Usage"],
    "CZlib": ["Git"],
    "CSimdjson": ["Documents", "Usage", "muster-bench"],
    "CCrypto": ["Base"],
    "CCCTZ": ["Base"],
    "CMemory": ["Base", "Usage"],
    "CXXHash": ["Base"],
    "CSQLite": ["Catalog"],
    "CRE2": ["Expressions"],
  ]

  /// Parts of the toolchain that any room may import.
  static let toolchain: Set<String> = ["Swift", "Synchronization", "Glibc"]

  /// Programs: nothing imports them, so an import of theirs cannot leak.
  static let programs: Set<String> = ["muster", "muster-rollup", "muster-bench", "cel-conformance", "embed-policies"]

  static func floor(of room: String) -> Int? { floors.firstIndex { $0.contains(room) } }
}

/// One `import` line of a source file.
struct Import: CustomStringConvertible {
  /// `Sources/Git/Tree.swift`.
  var file: String
  /// The folder below `Sources`.
  var room: String
  /// `private`, `package`, …; empty for none.
  var access: String
  var module: String

  var description: String { "\(file): \(access) import \(module)" }

  /// Every import line under `Sources/`, but those of the build plug-in, which SwiftPM compiles by its own rules.
  static func all() throws -> [Import] {
    try PackageFolder.files(below: "Sources", suffix: ".swift").filter { !$0.hasPrefix("Sources/Plugins/") }
      .flatMap { file in try code(PackageFolder.read(file)).compactMap { Import($0, in: file) } }
  }

  /// The lines outside of texts of several lines, which may be programs of another language.
  private static func code(_ source: String) -> [Substring] {
    var isText = false
    return source.split(separator: "\n").filter { line in
      let marks = line.split(separator: "\"\"\"", omittingEmptySubsequences: false).count - 1
      defer { if marks % 2 == 1 { isText.toggle() } }
      return !isText
    }
  }

  init?(_ line: Substring, in file: String) {
    var words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
    guard let at = words.firstIndex(of: "import"), at <= 1, at + 1 < words.count else { return nil }
    access = at == 1 ? String(words.removeFirst()) : ""
    guard ["", "private", "fileprivate", "internal", "package", "public"].contains(access) else { return nil }
    // `import struct Base.Day` names the kind of what it takes first.
    let name = words.count > 2 && !words[2].hasPrefix("//") ? words[2] : words[1]
    module = String(name.prefix { $0 != "." && $0 != ";" })
    room = file.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    self.file = file
  }
}
