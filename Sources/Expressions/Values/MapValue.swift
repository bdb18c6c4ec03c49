/// A map in the order it was made. Numeric keys that are equal are the same key, whatever their type (CEL specification,
/// "Equality": `1`, `1u` and `1.0` are equal).
package final class MapValue: Sendable {
  /// A key in the form that equal keys share.
  enum Key: Hashable, Sendable {
    case bool(Bool)
    case int(Int64)
    /// Only above `Int64.max`.
    case uint(UInt64)
    case string(ScalarText)

    static func string(_ text: String) -> Key { .string(ScalarText(text: text)) }
  }

  /// Text that is equal only to the same code points; Swift's `String` also takes other spellings of a letter for the same.
  struct ScalarText: Hashable, Sendable {
    let text: String
    static func == (a: ScalarText, b: ScalarText) -> Bool { a.text.isSameScalars(as: b.text) }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
  }

  /// A text to look for.
  struct Name: Sendable {
    let text: String
    fileprivate let digest: Digest

    init(_ text: String) { (self.text, digest) = (text, Digest(text)) }
  }

  /// What equal texts share: up to 15 bytes and their number, of longer texts a hash.
  fileprivate struct Digest: Equatable, Sendable {
    private var (low, high): (UInt64, UInt64) = (0, 0)

    /// Whether no other text has the same.
    var isWhole: Bool { high >> 56 < 16 }

    /// Equal to that of no text.
    static let none = Digest()

    private init() { (low, high) = (0, .max) }

    init(_ text: String) {
      let count = text.utf8.count
      for (at, byte) in text.utf8.enumerated() {
        if count > 15 {
          // FNV-1a.
          low = ((at == 0 ? 0xCBF2_9CE4_8422_2325 : low) ^ UInt64(byte)) &* 0x100_0000_01B3
        } else if at < 8 {
          low |= UInt64(byte) << (8 * UInt64(at))
        } else {
          high |= UInt64(byte) << (8 * UInt64(at - 8))
        }
      }
      high |= UInt64(min(count, 16)) << 56
    }
  }

  /// Keys and values, in order.
  package let entries: [(key: Value, value: Value)]
  /// Only for maps that are long enough to gain from it.
  private let places: [Key: Int]
  private static let shortest = 9
  /// Of the keys that are texts, in order; only for shorter maps.
  private let digests: [Digest]

  /// `nil` where a key repeats or is of a type that cannot be one.
  package convenience init?(_ entries: [(key: Value, value: Value)]) {
    var places: [Key: Int] = [:]
    places.reserveCapacity(entries.count)
    for (at, entry) in entries.enumerated() {
      guard let key = MapValue.key(entry.key), places.updateValue(at, forKey: key) == nil else { return nil }
      if case .double = entry.key { return nil }
    }
    self.init(checked: entries, places)
  }

  private init(checked entries: [(key: Value, value: Value)], _ places: [Key: Int]) {
    self.entries = entries
    let isShort = entries.count < MapValue.shortest
    self.places = isShort ? [:] : places
    digests = isShort ? entries.map { MapValue.digest($0.key) } : []
  }

  /// A map with text keys; the last of repeated keys wins.
  package convenience init(_ fields: [(String, Value)]) {
    var places: [Key: Int] = [:]
    var entries: [(key: Value, value: Value)] = []
    for (name, value) in fields {
      if let at = places[.string(name)] {
        entries[at].value = value
      } else {
        places[.string(name)] = entries.count
        entries.append((.string(name), value))
      }
    }
    self.init(checked: entries, places)
  }

  /// The value of a key.
  package subscript(key: Value) -> Value? {
    switch key {
    case .string(let text): return self[Name(text)]
    default: break
    }
    guard let wanted = MapValue.key(key) else { return nil }
    if entries.count >= MapValue.shortest { return places[wanted].map { entries[$0].value } }
    for entry in entries where MapValue.key(entry.key) == wanted { return entry.value }
    return nil
  }

  /// The value of a text key.
  package subscript(name: String) -> Value? { self[Name(name)] }

  /// The value of a text key.
  subscript(name: Name) -> Value? { place(name).map { entries[$0].value } }

  /// Where a text key is.
  func place(_ name: Name) -> Int? {
    if entries.count >= MapValue.shortest { return places[.string(name.text)] }
    for at in digests.indices where digests[at] == name.digest {
      if name.digest.isWhole || isKey(name.text, at) { return at }
    }
    return nil
  }

  private func isKey(_ text: String, _ at: Int) -> Bool {
    switch entries[at].key {
    case .string(let key): key.isSameScalars(as: text)
    default: false
    }
  }

  private static func digest(_ key: Value) -> Digest {
    switch key {
    case .string(let text): Digest(text)
    default: .none
    }
  }

  /// The form that equal keys share; `nil` for what is no key and equals none.
  static func key(_ value: Value) -> Key? {
    switch value {
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .uint(let value): Int64(exactly: value).map { .int($0) } ?? .uint(value)
    case .double(let value):
      Int64(exactly: value).map { .int($0) } ?? UInt64(exactly: value).map { .uint($0) }
    case .string(let value): .string(value)
    default: nil
    }
  }
}
