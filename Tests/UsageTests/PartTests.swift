import Base
import Model
import TestSupport
import Testing

@testable import Usage

/// Parts as bytes, and their laws.
struct PartTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func parts(_ seed: UInt64, count: Int, of number: Int) throws -> (whole: UsagePart, parts: [UsagePart]) {
    var dice = Dice(seed: seed)
    let records = SampleRecords.make(number, &dice)
    var files = [[String]](repeating: [], count: count)
    for record in records { files[Int.random(in: 0..<count, using: &dice)].append(record) }
    let paths = try files.enumerated().map { try folder.records("\(seed)-\($0.offset).json", $0.element) }
    return (rollUp(paths).part, paths.map { rollUp([$0]).part })
  }

  @Test(arguments: [0, 1, 400]) func readsBackWhatItWrote(_ count: Int) throws {
    var dice = Dice(seed: 3)
    let part = rollUp([try folder.records("a.json", SampleRecords.make(count, &dice))]).part
    let read = try UsagePart(decoding: part.encode())
    #expect(read.encode() == part.encode())
    #expect(read.facts == part.facts)
    #expect(read.lifecycles == part.lifecycles)
    #expect(read.ledger == part.ledger)
    #expect(read.period?.last == part.period?.last)
    #expect((read.used, read.places) == (part.used, part.places))
  }

  @Test(arguments: 1...4) func mergesInAnyOrderAndGroupingToTheSameBytes(_ seed: Int) throws {
    let (whole, parts) = try parts(UInt64(seed), count: 5, of: 3000)
    #expect(Set(whole.facts.flatMap(\.saturated)).count >= 4, "the limits are passed")
    let bytes = whole.encode()
    var dice = Dice(seed: UInt64(seed))
    #expect(try UsagePart.merged(parts).encode() == bytes)
    for _ in 0..<4 {
      var rest = parts.shuffled(using: &dice)
      while rest.count > 1 {
        let other = rest.remove(at: Int.random(in: 0..<rest.count, using: &dice))
        let at = Int.random(in: 0..<rest.count, using: &dice)
        rest[at] = try UsagePart(decoding: try UsagePart.merged([rest[at], other]).encode())
      }
      #expect(rest[0].encode() == bytes)
    }
  }

  @Test func hasANeutralElement() throws {
    let (whole, _) = try parts(9, count: 2, of: 200)
    #expect(try UsagePart.merged([UsagePart(), whole]).encode() == whole.encode())
    #expect(try UsagePart.merged([whole, UsagePart()]).encode() == whole.encode())
    #expect(try UsagePart.merged([]).encode() == UsagePart().encode())
  }

  @Test func refusesTheSameInputTwice() throws {
    let part = rollUp([try folder.records("a.json", [TrailText().json])]).part
    let error = try #require(throws: PartError.self) { try UsagePart.merged([part, part], names: ["x", "y"]) }
    #expect(error.kind == .conflict)
    #expect(error.description.contains("y: input '") && error.description.contains("also in x"))
  }

  @Test func saysWhereAPartIsBroken() throws {
    let (whole, _) = try parts(11, count: 1, of: 300)
    let bytes = whole.encode()
    for end in stride(from: 0, to: bytes.count, by: 37) {
      #expect(throws: PartError.self) { try UsagePart(decoding: Array(bytes[..<end])) }
    }
    var dice = Dice(seed: 4)
    for _ in 0..<200 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &dice)] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
      #expect(throws: PartError.self) { try UsagePart(decoding: damaged) }
    }
  }

  /// What nobody's digest protects: anybody can write a part with a digest that fits.
  @Test func survivesForgedParts() throws {
    let (whole, _) = try parts(12, count: 1, of: 60)
    let bytes = whole.encode()
    var dice = Dice(seed: 5)
    var refused = 0
    for _ in 0..<3000 {
      var forged = Array(bytes.dropLast(32))
      for _ in 0..<Int.random(in: 1...3, using: &dice) {
        forged[Int.random(in: 16..<forged.count - 8, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
      }
      forged += SHA256Digest(of: forged).bytes
      do throws(PartError) {
        let part = try UsagePart(decoding: forged)
        _ = (part.facts, part.gaps, part.duplicates)
        _ = UsagePart.joined([whole, part]).encode()
      } catch {
        refused += 1
        #expect(error.kind == .unreadable)
      }
    }
    #expect(refused > 1000)
  }
}
