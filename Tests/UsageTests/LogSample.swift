import Foundation
import TestSupport
import Testing

@testable import Usage

/// A log as a vendor documents it, and what is to be said of each of its events.
struct LogSample: Sendable, CustomTestStringConvertible {
  let format: String
  /// One file.
  let text: String
  /// Of each event: keys of what is printed, with their values as text; an empty text for what may not be there.
  let wanted: [[String: String]]

  var testDescription: String { "\(format) \(text.prefix(60))" }

  init(_ format: String, _ text: String, _ wanted: [String: String]...) {
    self.format = format
    self.text = text
    self.wanted = wanted
  }

  /// Prints the events of the sample and compares them.
  func check(in folder: TemporaryFolder) throws {
    let file = try folder.write("a.json", text)
    let printed = Printed()
    let listing = writeEvents(of: [file]) {
      printed.add($0)
      return true
    }
    #expect(listing.diagnostics == [])
    let rows = try printed.all.split(separator: 0x0A).map {
      try #require(JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
    }
    #expect(rows.count == wanted.count)
    for (row, wanted) in zip(rows, wanted) {
      #expect(row["muster.format"] as? String == format)
      for (key, value) in wanted {
        #expect(Self.text(row[key]) == value, "\(key)")
      }
    }
  }

  private static func text(_ value: Any?) -> String {
    if let list = value as? [Any] { return list.map { text($0) }.joined(separator: " ") }
    return value.map { "\($0)" } ?? ""
  }
}
