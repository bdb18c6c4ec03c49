import Base
import Model
import Testing

@testable import Usage

/// What becomes of the files on which JSON readers disagree. Each row is a decision.
///
/// The rules behind them: a record counts when it is JSON as far as its punctuation goes and the fields that Muster reads can be read.
/// Fields that AWS writes (who, what, when) must be Unicode text and stand once, or the record is unreadable; what callers can
/// choose (agents, parameters) is mended with U+FFFD, so that nobody can hide a call by what it carries. One bad record
/// never costs another one. Numbers that nobody reads may be anything. Keys are told apart by case.
struct HardFile: Sendable, CustomTestStringConvertible {
  var name: String
  var used: UInt64
  var unreadable: UInt64 = 0
  var duplicate: UInt64 = 0
  var filtered: UInt64 = 0
  var unattributed: UInt64 = 0
  var status = "ok"
  /// Part of what is reported.
  var says = ""
  var testDescription: String { name }

  static let all = [
    HardFile(
      name: "bad_utf8.json", used: 0, unreadable: 1, status: "unreadable", says: "byte 165: a field that says who"),
    HardFile(name: "bad_utf8_elsewhere.json", used: 1),
    HardFile(name: "bom.json", used: 3),
    HardFile(
      name: "case_only_lower.json", used: 0, unreadable: 1, status: "unreadable",
      says: "byte 12: the record has no eventName"),
    HardFile(name: "case_variant.json", used: 1),
    HardFile(
      name: "comment.json", used: 1, unreadable: 1, status: "partial",
      says: "record 1 is unreadable at byte 12: this is not JSON"),
    HardFile(
      name: "cut_short.json", used: 2, unreadable: 1, status: "partial",
      says: "byte 376: the input ends inside the record"),
    HardFile(name: "deep_1500.json", used: 1),
    HardFile(name: "digest_no_records.json", used: 0, filtered: 1),
    HardFile(
      name: "dup_key.json", used: 0, unreadable: 1, status: "unreadable", says: "byte 181: a field stands twice"),
    HardFile(name: "dup_records_key.json", used: 3, duplicate: 1),
    HardFile(name: "empty_0_bytes.json", used: 0, status: "empty", says: "the file holds no records"),
    HardFile(name: "empty_gz.json.gz", used: 0, status: "empty", says: "the file holds no records"),
    HardFile(name: "error_empty.json", used: 1),
    HardFile(name: "error_is_number.json", used: 1),
    HardFile(
      name: "gz_bad_crc.json.gz", used: 3, unreadable: 1, status: "partial",
      says: "byte 187 of the file: the gzip checksum is wrong"),
    HardFile(name: "gz_multi_member.json.gz", used: 3),
    HardFile(name: "gz_trailing_zeros.json.gz", used: 3),
    HardFile(
      name: "gz_truncated.json.gz", used: 203, unreadable: 1, status: "partial",
      says: "byte 1269 of the file: the gzip data is cut short"),
    HardFile(name: "huge_number.json", used: 1),
    HardFile(name: "identity_is_string.json", used: 2, unattributed: 1),
    HardFile(name: "identity_null.json", used: 1, unattributed: 1),
    HardFile(
      name: "lone_surrogate.json", used: 0, unreadable: 1, status: "unreadable", says: "byte 165: a field that says who"
    ),
    HardFile(
      name: "name_is_number.json", used: 0, unreadable: 1, status: "unreadable", says: "byte 177: a field that says who"
    ),
    HardFile(
      name: "nan_literal.json", used: 0, unreadable: 1, status: "unreadable", says: "byte 197: this is not JSON"),
    HardFile(name: "no_identity.json", used: 1, unattributed: 1),
    HardFile(
      name: "not_json_html.json", used: 0, unreadable: 1, status: "unreadable", says: "byte 0: this is not JSON"),
    HardFile(name: "nul_escape.json", used: 1),
    HardFile(name: "ok.json", used: 3),
    HardFile(name: "ok.json.gz", used: 3),
    HardFile(
      name: "raw_control_char.json", used: 0, unreadable: 1, status: "unreadable",
      says: "byte 165: a field that says who"),
    HardFile(
      name: "record_is_null.json", used: 1, unreadable: 1, status: "partial", says: "byte 12: the record is no object"),
    HardFile(
      name: "record_is_string.json", used: 1, unreadable: 1, status: "partial", says: "byte 12: the record is no object"
    ),
    HardFile(name: "records_empty.json", used: 0, status: "empty", says: "the file holds no records"),
    HardFile(
      name: "records_null.json", used: 0, unreadable: 1, status: "unreadable", says: "byte 11: 'Records' is no list"),
    HardFile(
      name: "single_quotes.json", used: 0, unreadable: 1, status: "unreadable", says: "byte 153: this is not JSON"),
    HardFile(
      name: "time_missing.json", used: 1, unreadable: 1, status: "partial", says: "byte 12: the record has no time"),
    HardFile(name: "time_offset.json", used: 1),
    HardFile(
      name: "trailing_comma.json", used: 1, unreadable: 1, status: "partial", says: "byte 194: a comma too many"),
    HardFile(
      name: "trailing_garbage.json", used: 3, unreadable: 1, status: "partial",
      says: "record 4 is unreadable at byte 559: this is not JSON"),
    HardFile(name: "two_documents.json", used: 3, duplicate: 3),
  ]
}

@Suite(.enabled(if: Corpora.arePresent, "the shared corpora are not here; set MUSTER_SHARED"))
struct HardFileTests {
  @Test(arguments: HardFile.all)
  func decides(_ row: HardFile) throws {
    let file = try Corpora.path("hard/\(row.name)")
    let result = readUsage(UsageSource(name: "hard"), files: [file])
    let coverage = result.coverage
    #expect(coverage.used == row.used)
    #expect(coverage.unreadable == row.unreadable)
    #expect(coverage.duplicate == row.duplicate)
    #expect(coverage.filtered == row.filtered)
    #expect(coverage.unattributed == row.unattributed)
    #expect(coverage.inputs.map(\.status) == [row.status])
    #expect(coverage.inputs.map(\.records) == [coverage.records])
    #expect(coverage.inputs.map(\.sha256) == [SHA256Digest(of: try FileSystem.read(file)).hex])
    if row.says.isEmpty {
      #expect(result.diagnostics == [])
    } else {
      #expect(result.diagnostics.count == 1)
      #expect(result.diagnostics.first?.message.contains(row.says) == true)
    }
    #expect(result.diagnostics.contains { $0.kind == .unreadable } == (row.unreadable > 0))
  }

  @Test func coversAllFiles() throws {
    let files = try FileSystem.names(in: Corpora.path("hard")).filter { !$0.hasSuffix(".md") }
    #expect(files == HardFile.all.map(\.name).sorted())
  }

  /// Where a window ends changes nothing: not what is read, not what is said.
  @Test(arguments: [48, 100, 333, 1000])
  func doesNotDependOnWindows(_ size: Int) throws {
    for row in HardFile.all {
      let file = try Corpora.path("hard/\(row.name)")
      let (small, large) = (try read(file, windowSize: size), try read(file, windowSize: 1 << 18))
      #expect(small.lines.count == large.lines.count && small.lines == large.lines, "\(row.name)")
      #expect(small.input == large.input, "\(row.name)")
      #expect(small.diagnostics == large.diagnostics, "\(row.name)")
    }
  }

  private struct Reading: Equatable {
    var lines: [UInt8]
    var input: InputFile
    var diagnostics: [Diagnostic]
  }

  private func read(_ file: String, windowSize: Int) throws -> Reading {
    let printed = Printed()
    var reading = FileReading(formats: LogFormat.all, digest: .sha256, windowSize: windowSize)
    var printer = EventPrinter(file: file, parents: ParentSessions()) {
      printed.add($0)
      return true
    }
    let account = reading.read(.whole(file), into: &printer) { _ in }
    return Reading(lines: printed.all, input: account.input, diagnostics: account.diagnostics(tried: reading.tried))
  }

  /// Errors: an empty code is none, a number is one.
  @Test func readsErrorCodes() throws {
    let number = try events(of: [Corpora.path("hard/error_is_number.json")]).rows
    #expect(number.map(\.status) == [2])
    #expect(number.map(\.statusCode) == ["404"])
    let empty = try events(of: [Corpora.path("hard/error_empty.json")]).rows
    #expect(empty.map(\.status) == [1])
  }

  @Test func bringsTimesToUTC() throws {
    let rows = try events(of: [Corpora.path("hard/time_offset.json")]).rows
    #expect(rows.map(\.time) == [try #require(Instant("2026-03-02T04:30:00Z")).milliseconds])
  }

  @Test func mendsWhatCallersWrite() throws {
    let rows = try events(of: [Corpora.path("hard/bad_utf8_elsewhere.json")]).rows
    #expect(rows.map(\.agent) == ["\u{FFFD}\u{FFFD}"])
    #expect(rows.map(\.action) == ["s3:A"])
  }
}
