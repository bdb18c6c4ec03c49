import Base
import TestSupport
import Testing

@Suite struct ArchitectureTests {
  @Test func everyRoomStandsInThePlan() throws {
    let folders = try FileSystem.names(in: PackageFolder.path("Sources"))
    #expect(folders.contains("Base"))
    for room in folders where House.doors[room] == nil && room != "Plugins" {
      #expect(House.rooms[room] != nil, "the folder Sources/\(room) is not in the plan of the house")
      #expect(House.floor(of: room) != nil, "the folder Sources/\(room) has no floor")
    }
  }

  @Test func planAllowsOnlyLowerFloors() throws {
    for (room, allowed) in House.rooms {
      let floor = try #require(House.floor(of: room))
      for other in allowed {
        #expect(try #require(House.floor(of: other)) < floor, "\(room) must not use \(other)")
      }
    }
  }

  @Test func importsNameOnlyRoomsOfThePlan() throws {
    for line in try Import.all() where House.rooms[line.module] != nil {
      #expect(House.rooms[line.room]?.contains(line.module) == true, "\(line)")
    }
  }

  @Test func importsNameNothingFromOutside() throws {
    for line in try Import.all() {
      let isKnown =
        House.rooms[line.module] != nil || House.doors[line.module] != nil || House.toolchain.contains(line.module)
      // Foundation doubles the start-up time, even unused.
      #expect(isKnown, "\(line)")
    }
  }

  @Test func librariesStayInTheirRooms() throws {
    for line in try Import.all() {
      guard let owners = House.doors[line.module] else { continue }
      #expect(owners.contains(line.room), "\(line)")
      #expect(line.access == "private", "\(line)")
    }
  }

  @Test func systemLibraryIsImportedPrivately() throws {
    for line in try Import.all() where line.module == "Glibc" && !House.programs.contains(line.room) {
      #expect(line.access == "private", "\(line)")
    }
  }

  @Test func packageAllowsWhatThePlanAllows() throws {
    // A dependency that the plan does not know would let an import slip in under another name.
    let manifest = try PackageFolder.read("Package.swift")
    for (name, uses) in try #require(Manifest(manifest)).targets {
      guard let allowed = House.rooms[name] else { continue }
      for other in uses where House.rooms[other] != nil {
        #expect(allowed.contains(other), "Package.swift lets \(name) use \(other)")
      }
      for door in uses where House.doors[door] != nil {
        #expect(House.doors[door]?.contains(name) == true, "Package.swift lets \(name) use \(door)")
      }
    }
  }

  @Test func filesTellOneThing() throws {
    for folder in ["Sources", "Tests"] {
      for suffix in [".swift", ".c", ".cpp", ".h"] {
        for file in try PackageFolder.files(below: folder, suffix: suffix) {
          let lines = try PackageFolder.read(file).utf8.count { $0 == UInt8(ascii: "\n") }
          #expect(lines <= 400, "\(file) has \(lines) lines")
        }
      }
    }
  }

  @Test(arguments: ["try!", "as!", "fatalError"])
  func sourcesNeverCrashOnPurpose(_ word: String) throws {
    for file in try PackageFolder.files(below: "Sources", suffix: ".swift") {
      let lines = try PackageFolder.read(file).split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() {
        #expect(!Code.of(line).uses(word), "\(file):\(number + 1): \(word)")
      }
    }
  }

  @Test func everyRoomSaysWhatItIs() throws {
    for room in House.rooms.keys where !House.programs.contains(room) {
      let text = try PackageFolder.read("Sources/\(room)/README.md")
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 16, "Sources/\(room)/README.md is longer than 15 lines")
      #expect(lines.first == "# \(room)")
    }
  }
}
