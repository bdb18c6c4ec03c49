import Testing

/// The reading of lines that the other tests rest on.
@Suite struct HouseTests {
  @Test(arguments: [
    ("import Base", "", "Base"),
    ("private import CGit2", "private", "CGit2"),
    ("package import Model  // why", "package", "Model"),
    ("@preconcurrency import Foundation", "", "Foundation"),
    ("public import struct Base.Day", "public", "Base"),
    ("  @testable private import Usage", "private", "Usage"),
  ])
  func readsImports(_ line: String, _ access: String, _ module: String) throws {
    let found = try #require(Import(line[...], in: "Sources/Git/Tree.swift"))
    #expect(found.access == access)
    #expect(found.module == module)
    #expect(found.room == "Git")
  }

  @Test(arguments: ["let text = \"import Foundation\"", "// import Foundation", "func import(_ x: Int)"])
  func takesNothingElseForAnImport(_ line: String) {
    #expect(Import(line[...], in: "Sources/Git/Tree.swift") == nil)
  }

  @Test(arguments: ["try! open()", "let x = y as! Int", "fatalError(\"no\")", "  a ?? fatalError()"])
  func seesCrashes(_ line: String) {
    #expect(["try!", "as!", "fatalError"].contains { Code.of(line[...]).uses($0) })
  }

  @Test(arguments: [
    "try open() // never try! here", "let s = \"as! fatalError\"", "x.hasFatalError()", "let b = a != c",
  ])
  func seesNoCrashInWords(_ line: String) {
    #expect(!["try!", "as!", "fatalError"].contains { Code.of(line[...]).uses($0) })
  }
}
