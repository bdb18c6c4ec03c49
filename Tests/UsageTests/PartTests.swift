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
    for record in records {
      files[Int.random(in: 0..<count, using: &dice)].append(record)
      // A second delivery, mostly in another file.
      if Int.random(in: 0..<5, using: &dice) == 0 { files[Int.random(in: 0..<count, using: &dice)].append(record) }
    }
    let paths = try files.enumerated().map { try folder.records("\(seed)-\($0.offset).json", $0.element) }
    return (rollUp(paths).part, paths.map { rollUp([$0]).part })
  }

  @Test(arguments: [0, 1, 400]) func readsBackWhatItWrote(_ count: Int) throws {
    var dice = Dice(seed: 3)
    let part = rollUp([try folder.records("a.json", SampleRecords.make(count, &dice))]).part
    let read = try UsagePart(decoding: part.encode())
    #expect(try read.encode() == part.encode())
    #expect(read.facts == part.facts)
    #expect(read.lifecycles == part.lifecycles)
    #expect(read.ledger == part.ledger)
    #expect(read.period?.last == part.period?.last)
    #expect((read.used, read.places) == (part.used, part.places))
  }

  @Test(arguments: 1...4) func mergesInAnyOrderAndGroupingToTheSameBytes(_ seed: Int) throws {
    let (whole, parts) = try parts(UInt64(seed), count: 5, of: 3000)
    #expect(whole.used == 3000 && whole.duplicates > 300)
    #expect(Set(whole.facts.flatMap(\.saturated)).count >= 4, "the limits are passed")
    let bytes = try whole.encode()
    var dice = Dice(seed: UInt64(seed))
    #expect(try UsagePart.merged(parts).encode() == bytes)
    for _ in 0..<4 {
      var rest = parts.shuffled(using: &dice)
      while rest.count > 1 {
        let other = rest.remove(at: Int.random(in: 0..<rest.count, using: &dice))
        let at = Int.random(in: 0..<rest.count, using: &dice)
        rest[at] = try UsagePart(decoding: try UsagePart.merged([rest[at], other]).encode())
      }
      #expect(try rest[0].encode() == bytes)
    }
  }

  @Test func hasANeutralElement() throws {
    let (whole, _) = try parts(9, count: 2, of: 200)
    #expect(try UsagePart.merged([UsagePart(), whole]).encode() == whole.encode())
    #expect(try UsagePart.merged([whole, UsagePart()]).encode() == whole.encode())
    #expect(try UsagePart.merged([]).encode() == UsagePart().encode())
  }

  @Test func countsWhatOneRunWithoutSecondDeliveriesCounts() throws {
    var dice = Dice(seed: 21)
    let records = SampleRecords.make(2000, &dice)
    let once = rollUp([try folder.records("once.json", records)]).part
    let first = rollUp([try folder.records("first.json", Array(records[..<1500]))]).part
    let second = rollUp([try folder.records("second.json", Array(records[700...] + records[..<300]))]).part
    let both = try UsagePart.merged([first, second])
    #expect(both.facts == once.facts)
    #expect((both.used, both.duplicates) == (2000, 1100))
  }

  @Test func countsEventsThatShareAnIdAsOneRunDoes() throws {
    let files = try (0..<6).map { number in
      var trail = TrailText(id: "same")
      trail.name = ["GetObject", "PutObject"][number % 2]
      trail.more = ",\"requestParameters\":{\"bucketName\":\"b\",\"key\":\"k\(number / 4)\"}"
      return try folder.records("\(number).json", [trail.json])
    }
    let (whole, problems) = rollUp(files)
    #expect(whole.used == 4 && whole.conflicts == 3)
    #expect(problems.map(\.kind) == [.warning])
    let parts = files.map { rollUp([$0]).part }
    #expect(try UsagePart.joined(parts.reversed()).encode() == whole.encode())
  }

  @Test func refusesASealedPartOfTheSameHours() throws {
    var later = TrailText(id: "e-2")
    later.time = "2026-03-01T01:00:00Z"
    let first = rollUp([try folder.records("a.json", [TrailText().json])]).part
    let other = rollUp([try folder.records("b.json", [TrailText().json, later.json])]).part
    let next = rollUp([try folder.records("c.json", [later.json])]).part
    let sealed = first.sealed()
    #expect(try sealed.encode().count < first.encode().count)
    let error = try #require(throws: PartError.self) { try UsagePart.merged([sealed, other], names: ["x", "y"]) }
    #expect(error.kind == .conflict && error.description.contains("2026-03-01T00:00:00Z is also in x"))
    let sum = try UsagePart(decoding: try UsagePart.merged([sealed, next]).encode())
    #expect(sum.used == 2)
    #expect(throws: PartError.self) { try UsagePart.merged([sum, first]) }
    #expect(try UsagePart.merged([first, next]).sealed().encode() == sum.sealed().encode())
  }

  @Test(arguments: [0, 100, 5000, 1 << 20, .max]) func keepsWhatIsOnATape(_ budget: Int) throws {
    let tape = IndexTape(budget: budget)
    var dice = Dice(seed: 8)
    var all: [UInt8] = []
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0...9000, using: &dice)).map { UInt8(truncatingIfNeeded: $0 + all.count) }
      #expect(try tape.append(bytes) == all.count)
      all += bytes
    }
    for _ in 0..<100 {
      let place = Int.random(in: 0..<all.count, using: &dice)
      let count = Int.random(in: 0...(all.count - place), using: &dice)
      var got: [UInt8] = []
      #expect(tape.read(at: place, count: count, into: &got))
      #expect(got.elementsEqual(all[place..<place + count]))
    }
    var none: [UInt8] = []
    #expect(!tape.read(at: all.count, count: 1, into: &none))
  }

  /// Nothing, and the bytes 0…14, under the key 0…15: by an implementation that gives the hash of Aumasson and Bernstein 2012, appendix A,
  /// with two and four rounds.
  @Test(arguments: [(0, 0xABAC_0158_050F_C4DC as UInt64), (15, 0xD320_D86D_2A51_9956)])
  func hashesBySipHash(count: Int, hash: UInt64) {
    (0..<UInt8(count)).map { $0 }.withUnsafeBytes { bytes in
      let text = RawText(start: bytes.baseAddress, count: count)
      #expect(SipHash.hash(text, 0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908) == hash)
    }
  }

  /// What is called SHA-256 in facts and catalog is never another digest.
  @Test func namesNoOtherDigestSHA256() throws {
    let file = try folder.records("a.json", [TrailText().json])
    let digests = InputDigest.Kind.allCases.map { kind in
      rollUp([file], digest: kind).part.ledger.map { ($0.digest?.kind == kind, $0.input.sha256) }
    }
    #expect(digests.allSatisfy { $0.count == 1 && $0[0].0 })
    #expect(Set(digests.map { $0[0].1 }) == ["", SHA256Digest(of: try FileSystem.read(file)).hex])
  }

  @Test func refusesTheSameInputTwice() throws {
    let part = rollUp([try folder.records("a.json", [TrailText().json])]).part
    let error = try #require(throws: PartError.self) { try UsagePart.merged([part, part], names: ["x", "y"]) }
    #expect(error.kind == .conflict)
    #expect(error.description.contains("y: input '") && error.description.contains("also in x"))
  }

  @Test func saysWhereAPartIsBroken() throws {
    let (whole, _) = try parts(11, count: 1, of: 300)
    let bytes = try whole.encode()
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
    let bytes = try whole.encode()
    var dice = Dice(seed: 5)
    var refused = 0
    for _ in 0..<1200 {
      var forged = Array(bytes.dropLast(32))
      for _ in 0..<Int.random(in: 1...3, using: &dice) {
        forged[Int.random(in: 16..<forged.count - 8, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
      }
      forged += SHA256Digest(of: forged).bytes
      do throws(PartError) {
        let part = try UsagePart(decoding: forged)
        _ = (part.facts, part.gaps, part.duplicates)
        _ = try UsagePart.joined([whole, part]).encode()
      } catch {
        refused += 1
        #expect(error.kind == .unreadable)
      }
    }
    #expect(refused > 400)
  }
}
