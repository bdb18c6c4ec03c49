import Base
import Glibc
import Model
import TestSupport
import Testing

@testable import Usage

/// Packed files, coverage, and whatever bytes there are.
struct ReadingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func packed(_ bytes: [UInt8]) throws -> [UInt8] {
    try runProgram("gzip", ["-c", "-n"], input: bytes).outputBytes
  }

  private func lines(_ range: Range<Int>) -> String { range.map { TrailText(id: "e-\($0)").json + "\n" }.joined() }

  @Test func readsPackedAndPlainAlike() throws {
    let text = Array(lines(0..<3000).utf8)
    let plain = try folder.write("a.jsonl", bytes: text)
    let single = try folder.write("a.jsonl.gz", bytes: packed(text))
    let (head, tail) = (Array(lines(0..<1000).utf8), Array(lines(1000..<3000).utf8))
    let several = try folder.write(
      "b.log", bytes: packed(head) + packed([]) + packed(tail) + [UInt8](repeating: 0, count: 700))
    let wanted = usage(of: [plain])
    for file in [single, several] {
      let result = usage(of: [file])
      #expect(result.canonicalBytes == wanted.canonicalBytes)
      #expect(result.coverage.inputs.map(\.status) == ["ok"])
    }
  }

  @Test func readsZstd() throws {
    let text = Array(lines(0..<3000).utf8)
    let frame = try runProgram("zstd", ["-q", "-c"], input: text).outputBytes
    let more = Array(lines(3000..<3100).utf8)
    let wanted = usage(of: [try folder.write("a.jsonl", bytes: text + more)])
    // A frame to be passed over, and a second one with text.
    let skipped: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let second = try runProgram("zstd", ["-q", "-c"], input: more).outputBytes
    let packed = try folder.write("a.jsonl.zst", bytes: skipped + frame + second)
    #expect(usage(of: [packed]).canonicalBytes == wanted.canonicalBytes)
    for (bytes, words) in [
      (Array(frame[..<(frame.count / 2)]), "the zstd data is cut short"),
      (frame + [1, 2, 3, 4], "the zstd data is broken"),
    ] {
      let result = usage(of: [try folder.write("bad.zst", bytes: bytes)])
      #expect(result.coverage.unreadable > 0)
      #expect(result.diagnostics.contains { $0.kind == .unreadable && $0.message.contains(words) })
    }
  }

  /// A pipe gives what was written so far, be it a byte; a frame may begin where the room for reading ahead ends.
  @Test(arguments: ["gzip", "zstd", "cat"], [1, 2, 3, 4])
  func tellsHowStreamsArePackedHoweverFewBytesComeFirst(_ program: String, _ first: Int) throws {
    let options = ["gzip": ["-c", "-n"], "zstd": ["-q", "-c"]][program] ?? []
    let packed = try runProgram(program, options, input: Array(lines(0..<40).utf8)).outputBytes
    for count in [nil, UInt64(packed.count)] {
      let (account, isWhole) = try read(packets: [Array(packed[..<first]), Array(packed[first...])], count: count)
      #expect(account.used == 40 && account.unreadable == 0 && isWhole)
    }
    let (account, isWhole) = try read(packets: [Array(packed[..<first])], count: UInt64(packed.count))
    #expect(account.unreadable == 1 && !isWhole)
    #expect(account.remarks.count == 1 && account.remarks[0].message.contains("the stream ends inside of the frame"))
  }

  @Test func tellsThatPackedDataEndsInItsFirstBytes() throws {
    let (account, _) = try read(packets: [[0x1F], [0x8B]], count: nil)
    #expect(account.unreadable == 1)
    #expect(account.remarks.first?.message.contains("the gzip data is cut short") == true)
    #expect(try read(packets: [[0x0A], [0x0A]], count: nil).account.diagnostics(tried: []).map(\.kind) == [.warning])
  }

  /// Reads a stream that gives one packet at a time.
  private func read(packets: [[UInt8]], count: UInt64?) throws -> (account: FileAccount, isWhole: Bool) {
    var ends: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends) == 0)
    defer { close(ends[0]) }
    for packet in packets { try #require(write(ends[1], packet, packet.count) == packet.count) }
    close(ends[1])
    var reading = FileReading(formats: LogFormat.all)
    var names = Names()
    return reading.read(InputStream(descriptor: ends[0]), count: count, as: "stream", into: &names)
  }

  @Test func countsWhatStandsBeforeABreakInPackedData() throws {
    let whole = try packed(Array(lines(0..<20_000).utf8))
    for (name, bytes, words) in [
      ("cut", Array(whole[..<(whole.count / 2)]), "the gzip data is cut short"),
      ("garbage", whole + Array("garbage".utf8), "bytes that are no gzip data follow"),
      ("head", Array(whole[..<5]), "the gzip data is cut short"),
    ] {
      let result = usage(of: [try folder.write("\(name).gz", bytes: bytes)])
      #expect(result.coverage.unreadable == 1)
      #expect(result.diagnostics.count == 1)
      #expect(result.diagnostics.first?.message.contains(words) == true)
      #expect((result.coverage.used > 5000) == (name != "head"))
      #expect(result.coverage.inputs.first?.bytes == UInt64(bytes.count))
      #expect(result.coverage.inputs.first?.sha256 == SHA256Digest(of: bytes).hex)
    }
  }

  @Test func tellsWhatALogIsHoweverLateItsRecordsTell() throws {
    // Longer than what is looked at first: a record of an unknown kind, then lines of a known one; and a long first record.
    let strange = "{\"note\":\"\(String(repeating: "x", count: 9000))\"}\n"
    let parameters = ",\"requestParameters\":{\"x\":\"\(String(repeating: "y", count: 70_000))\"}"
    let long = TrailText(id: "long", more: parameters).json
    let web = "203.0.113.9 - ana [10/Oct/2025:13:55:36 +0000] \"GET /a HTTP/1.1\" 200 23\n"
    for (name, text, format, used, unreadable) in [
      ("late", strange + lines(0..<9), "cloudtrail", 9, 1), ("long", long + "\n" + lines(0..<9), "cloudtrail", 10, 0),
      ("web", String(repeating: web, count: 300), "access-log", 300, 0),
      ("braces", web + "{ this is no JSON\n" + web, "access-log", 2, 1),
    ] {
      let result = usage(of: [try folder.write(name, text)])
      #expect(result.coverage.inputs.map(\.status) == [unreadable == 0 ? "ok" : "partial"], "\(name)")
      #expect(result.coverage.used + result.coverage.duplicate == used, "\(name)")
      #expect(result.coverage.unreadable == unreadable, "\(name)")
      let tellsKind = rollUpIndexed([folder.path(name)]).accounts.map(\.format)
      #expect(tellsKind == [format], "\(name)")
    }
  }

  @Test(arguments: [
    "[]", "{\"Records\":[]}", "{\"value\":[]}", "{\"records\": [ ] }\n", "{\"Events\":[]}", "{\"logEvents\":[]}",
    "{\"results\":[]}",
    "{\"hits\":{\"total\":0,\"hits\":[]}}", "{\"data\":[],\"has_more\":false}",
    "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":[]}",
    "{\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns\",\"value\":[]}",
    "{\"kind\":\"admin#reports#activities\",\"etag\":\"x\"}",
  ])
  func readsAnswersOfAQuietDay(_ answer: String) throws {
    let result = usage(of: [try folder.write("answer.json", answer)])
    #expect(result.diagnostics.allSatisfy { $0.message == "the file holds no records" })
    #expect(result.coverage.unreadable == 0 && result.coverage.used == 0)
    #expect(["ok", "empty"].contains(result.coverage.inputs.first?.status))
  }

  @Test(arguments: ["{\"colours\":[]}", "{\"value\":{}}", "{\"value\":[7]}", "time,who,what"])
  func takesNoOtherTextForAQuietDay(_ text: String) throws {
    let result = usage(of: [try folder.write("other", text)])
    #expect(result.coverage.inputs.first?.status == "unreadable", "\(result.coverage.inputs)")
  }

  @Test func stopsAtABomb() throws {
    let bomb = try packed([UInt8](repeating: 0x20, count: 80 << 20))
    let result = usage(of: [try folder.write("bomb.gz", bytes: bomb)])
    #expect(result.diagnostics.first?.message.contains("expands beyond all measure") == true)
    #expect(result.coverage.inputs.first?.status == "unreadable")
  }

  @Test func namesOtherPackings() throws {
    let file = try folder.write("a.xz", bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 0])
    let result = usage(of: [file])
    #expect(result.diagnostics.map(\.message) == ["byte 8 of the file: the file is packed by xz, which is not read"])
  }

  @Test func cutsLongFilesWithoutATrace() throws {
    // A quarter of a megabyte a line keeps this quick.
    let filler = String(repeating: "x", count: 1 << 18)
    var records = (0..<300).map { TrailText(id: "e-\($0)", name: "C\($0)", more: ",\"x\":\"\(filler)\"").json }
    records[200] = "{\"broken\":"
    let file = try folder.lines("long.jsonl", records)
    let parts = FilePart.parts(of: file, length: length(file))
    #expect(parts.count == 2)
    let one = usage(of: [file])
    #expect(one.coverage.used == 299)
    #expect(one.coverage.unreadable == 1)
    let bytes = try FileSystem.read(file)
    #expect(one.coverage.inputs.map(\.sha256) == [SHA256Digest(of: bytes).hex])
    #expect(one.coverage.inputs.map(\.bytes) == [UInt64(bytes.count)])
    let begin = records[..<200].reduce(0) { $0 + $1.utf8.count + 1 }
    let message = try #require(one.diagnostics.first?.message)
    #expect(message.hasPrefix("record 201 is unreadable at byte \(begin)"))
    let two = usage(of: [file], threads: 2)
    #expect(two.canonicalBytes == one.canonicalBytes)
    #expect(two.coverage == one.coverage)
    #expect(two.diagnostics == one.diagnostics)
  }

  @Test(arguments: [100, 1000, 5000])
  func cutsOnlyBetweenRecords(_ size: UInt64) throws {
    let file = try folder.write("a.jsonl", lines(0..<200))
    let parts = FilePart.parts(of: file, length: length(file), size: size)
    #expect(parts.count > 2)
    var names = Names()
    var reading = FileReading(formats: LogFormat.all, digest: .sha256)
    for part in parts { #expect(reading.read(part, into: &names) { _ in }.unreadable == 0) }
    #expect(names.actions.count == 200)
    let small = try folder.records("b.json", [lines(0..<1)])
    #expect(FilePart.parts(of: small, length: length(small), size: 100).count == 1)
  }

  private func length(_ file: String) -> UInt64 { UInt64(FileSystem.status(file)?.size ?? 0) }

  @Test func coversItsGround() throws {
    // An event an hour, nothing for two days, an event an hour.
    let hours = Array(0..<48) + Array(96..<144)
    let records = hours.map { hour -> String in
      let at = Instant(milliseconds: Int64(hour) * 3_600_000 + 1_767_225_600_000)
      return TrailText(time: at.description, id: "e-\(hour)", account: hour < 10 ? "444455556666" : "111122223333").json
    }
    let source = UsageSource(
      name: "trail", covers: ["aws:*"], every: Milliseconds(86_400_000), lateness: Milliseconds(900_000))
    let file = try folder.records("a.json", records)
    let coverage = readUsage(source, files: [file]).coverage
    #expect(coverage.name == "trail")
    #expect(coverage.formats == ["cloudtrail"])
    #expect(coverage.places.map(\.name) == ["aws:111122223333", "aws:444455556666"])
    #expect(coverage.first == Instant("2026-01-01T00:00:00Z"))
    #expect(coverage.last == Instant("2026-01-06T23:00:00Z"))
    #expect(
      coverage.gaps == [
        Gap(from: try #require(Instant("2026-01-02T23:00:00Z")), to: try #require(Instant("2026-01-05T00:00:00Z")))
      ])
    #expect(coverage.covers == ["aws:*"])
    #expect(coverage.lateness == Milliseconds(900_000))
  }

  @Test func findsNoGapsInAnIrregularSource() throws {
    let records = (0..<40).map { day -> String in
      let at = Instant(milliseconds: Int64(day * day) * 7_200_000 + 1_767_225_600_000)
      return TrailText(time: at.description, id: "e-\(day)").json
    }
    #expect(usage(of: [try folder.records("a.json", records)]).coverage.gaps == [])
  }

  @Test func reportsProgressToTheEnd() throws {
    let files = try (0..<5).map { try folder.write("\($0).jsonl", lines($0 * 100..<$0 * 100 + 100)) }
    let seen = Seen()
    _ = readUsage(UsageSource(name: "x"), files: files, threads: 2) { seen.add($0) }
    let last = try #require(seen.all.max { $0.bytes < $1.bytes })
    #expect(last.bytes == last.totalBytes)
    #expect(seen.all.map(\.files).max() == 5)
    #expect(last.totalFiles == 5)
  }
}
