import Base
import Model

extension CanonicalReader {
  mutating func text() throws(FactsError) -> String {
    try withText(
      { bytes in
        // ASCII needs no second look.
        bytes.allSatisfy { $0 < 0x80 }
          ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
      }, orSay: "a text")
  }

  mutating func text(_ name: StaticString) throws(FactsError) -> String? { has(name) ? try text() : nil }

  mutating func required(_ name: StaticString) throws(FactsError) -> String {
    try require(name)
    return try text()
  }

  mutating func texts(_ name: StaticString) throws(FactsError) -> [String] {
    has(name) ? try list { reader throws(FactsError) in try reader.text() } : []
  }

  mutating func principal(_ name: StaticString) throws(FactsError) -> PrincipalKey? {
    try text(name).map { PrincipalKey($0) }
  }

  mutating func instant() throws(FactsError) -> Instant { try withText({ Instant.parse($0) }, orSay: "a time") }

  mutating func instant(_ name: StaticString) throws(FactsError) -> Instant? { has(name) ? try instant() : nil }

  mutating func requiredInstant(_ name: StaticString) throws(FactsError) -> Instant {
    try require(name)
    return try instant()
  }

  mutating func flag(_ name: StaticString) throws(FactsError) -> Bool? { has(name) ? try flag() : nil }

  /// A count; one that is left out is zero.
  mutating func count(_ name: StaticString) throws(FactsError) -> UInt64 { has(name) ? try count() : 0 }

  mutating func milliseconds(_ name: StaticString) throws(FactsError) -> Milliseconds? {
    guard has(name) else { return nil }
    guard let value = Int64(exactly: try count()) else { throw error("the count is too large") }
    return Milliseconds(value)
  }

  mutating func choice<Value: RawRepresentable<String>>(_ name: StaticString) throws(FactsError) -> Value {
    try require(name)
    return try withText({ Value(rawValue: String(decoding: $0, as: UTF8.self)) }, orSay: "a known word")
  }

  mutating func list<Element>(
    _ name: StaticString, _ body: (inout CanonicalReader) throws(FactsError) -> Element
  ) throws(FactsError) -> [Element] {
    has(name) ? try list(body) : []
  }

  mutating func pair<Value>(
    _ body: (inout CanonicalReader) throws(FactsError) -> Value
  ) throws(FactsError) -> (Value, Value) {
    try beginPair()
    let first = try body(&self)
    try expectComma()
    let second = try body(&self)
    try endPair()
    return (first, second)
  }
}
