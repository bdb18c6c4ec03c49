// swift-tools-version: 6.1
import PackageDescription

/// Rooms of the house, floor by floor; an import may only name a room on a lower floor (Tests/ArchitectureTests holds it).
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-warnings-as-errors"]),
]

/// Debian's static archives keep the program's start short: each shared library costs start-up time.
func archives(_ names: String...) -> [LinkerSetting] { names.map { .linkedLibrary(":lib\($0).a") } }

func room(
  _ name: String,
  _ dependencies: [Target.Dependency],
  linker: [LinkerSetting] = [],
  plugins: [Target.PluginUsage] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: settings, linkerSettings: linker,
    plugins: plugins)
}

func door(_ name: String, linker: [LinkerSetting]) -> Target {
  .target(name: name, cxxSettings: [.unsafeFlags(["-std=c++17", "-O3"])], linkerSettings: linker)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: settings)
}

let package = Package(
  name: "muster",
  products: [
    .executable(name: "muster", targets: ["muster"]),
    .executable(name: "muster-rollup", targets: ["muster-rollup"]),
  ],
  targets: [
    // 0  C doors
    // libgit2, loaded later, must find this function of CGit2.c before its own: see there.
    .target(
      name: "CGit2",
      linkerSettings: [
        .linkedLibrary("dl"),
        .unsafeFlags(["-Xlinker", "--export-dynamic-symbol=mbedtls_x509_crt_parse_file"]),
      ]),
    .systemLibrary(name: "CYAML"),
    .systemLibrary(name: "CCrypto"),
    .systemLibrary(name: "CMemory"),
    .systemLibrary(name: "CXXHash"),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CZstd"),
    .systemLibrary(name: "CZlib"),
    .target(name: "CISAL", cSettings: [.unsafeFlags(["-O3"])], linkerSettings: [.linkedLibrary("isal")]),
    door("CSimdjson", linker: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
    door("CRE2", linker: archives("re2") + [.linkedLibrary("stdc++")]),
    door("CCCTZ", linker: [.linkedLibrary("cctz"), .linkedLibrary("stdc++")]),
    // 1
    room("Base", ["CCrypto", "CCCTZ", "CMemory", "CXXHash"], linker: archives("crypto", "xxhash")),
    // 2
    room("Git", ["Base", "CGit2", "CZlib"], linker: archives("z")),
    room("Documents", ["Base", "CYAML", "CSimdjson"], linker: archives("yaml")),
    room("Expressions", ["Base", "CRE2"]),
    room("Model", ["Base"]),
    // 3
    room("Inventory", ["Base", "Documents", "Model"]),
    room("Usage", ["Base", "Documents", "Model", "CSimdjson", "CISAL", "CZstd", "CMemory"], linker: archives("zstd")),
    // 4
    room("Catalog", ["Base", "Model", "Usage", "CSQLite"], linker: archives("sqlite3") + [.linkedLibrary("m")]),
    room("Facts", ["Base", "Git", "Documents", "Model"]),
    room("Declarations", ["Base", "Git", "Documents", "Model"]),
    // 5
    room("Policies", ["Base", "Documents", "Expressions", "Model", "Declarations"], plugins: ["EmbedPolicies"]),
    // 6
    room("Reviews", ["Base", "Git", "Documents", "Model", "Declarations"]),
    room("Reports", ["Base", "Model"]),
    // 7
    room(
      "Commands",
      [
        "Base", "Git", "Documents", "Expressions", "Model", "Inventory", "Usage", "Catalog", "Facts", "Declarations",
        "Policies", "Reviews", "Reports",
      ]),
    program("muster", ["Commands"]),
    program("muster-rollup", ["Base", "Usage"]),
    program("muster-bench", ["Base", "Expressions", "Model", "Usage", "Commands", "CSimdjson", "CISAL"]),
    program("cel-conformance", ["Base", "Documents", "Expressions"]),
    // The built-in policies become a string literal at build time: `policies/` stays their only home.
    program("embed-policies", []),
    .plugin(
      name: "EmbedPolicies", capability: .buildTool(), dependencies: ["embed-policies"],
      path: "Sources/Plugins/EmbedPolicies"),
    // Tests
    .target(name: "TestSupport", dependencies: ["Base"], path: "Tests/TestSupport", swiftSettings: settings),
    tests("Base", ["Base"]),
    tests("Git", ["Base", "Git"]),
    tests("Documents", ["Base", "Documents"]),
    // Counts what the whole test program allocates.
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    tests("Expressions", ["Base", "Documents", "Expressions", "AllocationCounter"]),
    tests("Inventory", ["Base", "Model", "Inventory", "Documents"]),
    tests("Usage", ["Base", "Model", "Usage"]),
    tests("Catalog", ["Base", "Model", "Usage", "Catalog"]),
    tests("Facts", ["Base", "Git", "Model", "Facts"]),
    tests("Declarations", ["Base", "Git", "Model", "Declarations"]),
    tests("Policies", ["Base", "Declarations", "Documents", "Expressions", "Model", "Policies"]),
    tests("Reviews", ["Base", "Git", "Documents", "Model", "Declarations", "Reviews"]),
    tests("Reports", ["Base", "Model", "Reports"], exclude: ["Golden"]),
    tests("Commands", ["Base", "Model", "Commands"]),
    tests("Architecture", ["Base"]),
    tests("EndToEnd", ["Base"]),
  ],
  swiftLanguageModes: [.v6]
)
