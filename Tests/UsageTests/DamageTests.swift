import Base
import Model
import TestSupport
import Testing

@testable import Usage

/// Damage costs the record that has it and is counted once, in every layout.
struct DamageTests {
  private let folder: TemporaryFolder
  private static let count = 12

  init() throws { folder = try TemporaryFolder() }

  enum Layout: String, CaseIterable {
    case lines, spacedLines, indentedLines, array, arrayLines, arrayPretty, wrapper, wrapperPretty
    case wrapperLines, wrappersTogether, arraysTogether, prettyTogether
    // Read whole; damage costs more.
    case listOfWrappers, listOfArrays

    func text(_ records: [String]) -> String {
      func wrapped(_ record: String) -> String { "{\"Records\":[" + record + "]}" }
      switch self {
      case .lines: return records.map { $0 + "\n" }.joined()
      case .spacedLines: return records.map { "{ " + $0.dropFirst() + "\n" }.joined()
      case .indentedLines: return records.map { " " + $0 + "\n" }.joined()
      case .array: return "[" + records.joined(separator: ",") + "]"
      case .arrayLines: return "[\n" + records.joined(separator: ",\n") + "\n]\n"
      case .arrayPretty: return "[\n" + records.map { Self.spread($0, "  ") }.joined(separator: ",\n") + "\n]\n"
      case .wrapper: return wrapped(records.joined(separator: ","))
      case .wrapperPretty:
        return "{\n  \"Records\": [\n" + records.map { Self.spread($0, "    ") }.joined(separator: ",\n") + "\n  ]\n}\n"
      case .wrapperLines: return records.map { wrapped($0) + "\n" }.joined()
      case .wrappersTogether: return records.map(wrapped).joined()
      case .arraysTogether: return records.map { "[" + $0 + "]" }.joined()
      case .prettyTogether: return records.map { Self.spread($0, "") + "\n" }.joined()
      case .listOfWrappers: return "[" + records.map(wrapped).joined(separator: ",") + "]"
      case .listOfArrays: return "[" + records.map { "[" + $0 + "]" }.joined(separator: ", ") + "]"
      }
    }

    /// One member a line.
    private static func spread(_ record: String, _ indent: String) -> String {
      let inner = record.dropFirst().replacing(",\"", with: ",\n\(indent)  \"").replacing("{\"", with: "{ \"")
      return "\(indent){\n\(indent)  " + inner.dropLast() + "\n\(indent)}"
    }
  }

  enum Damage: String, CaseIterable {
    case lostQuote, lostLastBrace, lostFirstBrace, lostInnerBrace, extraBrace, lostColon, control, cutInText, cutInList

    func done(to record: String) -> String {
      switch self {
      case .lostQuote: return record.replacing("Call\"", with: "Call")
      case .lostLastBrace: return String(record.dropLast())
      case .lostFirstBrace: return String(record.dropFirst())
      case .lostInnerBrace: return record.replacing("\"userIdentity\":{", with: "\"userIdentity\":")
      case .extraBrace: return record + "}"
      case .lostColon: return record.replacing("\"eventName\":", with: "\"eventName\"")
      case .control: return record.replacing("Call\"", with: "Call\u{1}\"")
      case .cutInText: return String(record[..<record.ranges(of: "Call\"")[0].upperBound].dropLast(2))
      case .cutInList: return String(record[..<record.ranges(of: "{\"ARN\"")[0].lowerBound])
      }
    }
  }

  private func record(_ number: Int) -> String {
    let more = ",\"resources\":[{\"ARN\":\"arn:aws:s3:::a\"},{\"ARN\":\"arn:aws:s3:::b\"}]"
    return TrailText(id: "e-\(number)", name: "N\(number)Call", more: more).json
  }

  @Test(arguments: Layout.allCases) func readsEveryLayout(_ layout: Layout) throws {
    let file = try folder.write("a.json", layout.text((1...Self.count).map(record)))
    for size in [400, 3000, 1 << 18] {
      let (actions, account) = read(file, windowSize: size)
      #expect(actions == (1...Self.count).map { "s3:N\($0)Call" })
      #expect(account.unreadable == 0)
    }
  }

  @Test(arguments: Layout.allCases.dropLast(2), Damage.allCases)
  func costsOneRecord(_ layout: Layout, _ damage: Damage) throws {
    for place in [1, 6, Self.count] {
      let records = (1...Self.count).map { $0 == place ? damage.done(to: record($0)) : record($0) }
      let file = try folder.write("a.json", layout.text(records))
      for size in [400, 3000, 1 << 18] {
        let (actions, account) = read(file, windowSize: size)
        let wanted = (1...Self.count).filter { $0 != place }.map { "s3:N\($0)Call" }
        let what = Comment("record \(place), windows of \(size): \(account.unreadable) unreadable, \(actions)")
        #expect(Set(wanted).subtracting(actions).isEmpty, what)
        // Before the first sound record nothing tells what records begin with.
        #expect(account.unreadable == 1 || (place == 1 && account.unreadable < 5), what)
      }
    }
  }

  private func read(_ file: String, windowSize: Int) -> (actions: [String], account: FileAccount) {
    var reading = FileReading(formats: LogFormat.all, windowSize: windowSize)
    var names = Names()
    let account = reading.read(.whole(file), into: &names) { _ in }
    return (names.actions, account)
  }
}
