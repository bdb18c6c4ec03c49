import Base

extension Value {
  /// How a message shows the value: text as it is, the rest as CEL would write it, an error or unknown in words. Cut at 64 KiB.
  package var displayText: String {
    var writer = ValueWriter()
    writer.display(self)
    return writer.text
  }

  /// As an expression would write it, where there is a way: strings in quotes. Cut at 64 KiB.
  package var literalText: String {
    var writer = ValueWriter()
    writer.literal(self)
    return writer.text
  }
}

/// Writes values up to a length: values share their parts, so that a small one can be endless as text.
private struct ValueWriter {
  private(set) var text = ""
  private var isFull = false
  private static let longest = 65_536

  mutating func add(_ part: String) {
    if isFull { return }
    guard text.utf8.count + part.utf8.count > ValueWriter.longest else { return text += part }
    isFull = true
    for scalar in part.unicodeScalars {
      if text.utf8.count > ValueWriter.longest { break }
      text.unicodeScalars.append(scalar)
    }
    text += "…"
  }

  mutating func display(_ value: Value) {
    switch value {
    case .string(let text): add(text)
    case .duration(let span): add(span.days)
    case .timestamp(let time): add(time.dayOrText)
    case .list(let elements): join(elements) { $0.display($1) }
    case .optional(let optional): optional.value.map { display($0) } ?? add("none")
    case .error(let error): add("(error: \(error.message))")
    case .unknown(let unknown): add("(unknown: \(unknown))")
    case .absent: add("(absent)")
    default: literal(value)
    }
  }

  mutating func literal(_ value: Value) {
    switch value {
    case .string(let text): add(text.quoted)
    case .bytes(let bytes): add("b\"" + bytes.prefix(ValueWriter.longest / 4).map { "\\x" + [$0].hex }.joined() + "\"")
    case .list(let elements):
      add("[")
      join(elements) { $0.literal($1) }
      add("]")
    case .map(let map):
      add("{")
      join(map.entries) {
        $0.literal($1.key)
        $0.add(": ")
        $0.literal($1.value)
      }
      add("}")
    case .optional(let optional):
      add(optional.value == nil ? "optional.none()" : "optional.of(")
      if let inner = optional.value {
        literal(inner)
        add(")")
      }
    case .timestamp(let time): add("timestamp(\"\(time.text)\")")
    case .duration(let span): add("duration(\"\(span.text)\")")
    case .error, .unknown, .absent: display(value)
    default: add(value.scalarText)
    }
  }

  private mutating func join<T>(_ parts: [T], _ body: (inout ValueWriter, T) -> Void) {
    for (at, part) in parts.enumerated() {
      if isFull { return }
      if at > 0 { add(", ") }
      body(&self, part)
    }
  }
}

extension Value {
  /// What has one short form.
  fileprivate var scalarText: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .uint(let value): "\(value)u"
    case .double(let value): value.celText
    case .type(let name): name
    case .object(let object): object.text
    case .opaque(let value): value.text
    default: typeName
    }
  }
}

extension String {
  /// In double quotes with escapes, as `strings.quote` of the strings extension.
  var quoted: String {
    var out = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\u{07}": out += "\\a"
      case "\u{08}": out += "\\b"
      case "\u{0C}": out += "\\f"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case "\u{0B}": out += "\\v"
      case "\\": out += "\\\\"
      case "\"": out += "\\\""
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}

extension Double {
  /// The shortest text that reads back the same; an exponent only for the very small and the very large.
  var celText: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
    if self == 0 { return sign == .minus ? "-0" : "0" }
    let (digits, point) = decimal
    let sign = self < 0 ? "-" : ""
    let exponent = point - 1
    if exponent < -4 || exponent >= 21 {
      let rest = digits.dropFirst()
      let shown = abs(exponent) < 10 ? "0\(abs(exponent))" : String(abs(exponent))
      return "\(sign)\(digits.prefix(1))\(rest.isEmpty ? "" : ".\(rest)")e\(exponent < 0 ? "-" : "+")\(shown)"
    }
    if point <= 0 { return "\(sign)0.\(String(repeating: "0", count: -point))\(digits)" }
    if point >= digits.count { return "\(sign)\(digits)\(String(repeating: "0", count: point - digits.count))" }
    return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))"
  }

  /// The shortest digits and where the point stands among them, from Swift's own description.
  private var decimal: (digits: String, point: Int) {
    let text = magnitude.description
    let parts = text.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let sides = parts[0].split(separator: ".")
    let whole = String(sides[0])
    let fraction = sides.count > 1 && sides[1] != "0" ? String(sides[1]) : ""
    var digits = whole + fraction
    var point = whole.count + exponent
    while digits.hasPrefix("0"), digits.count > 1 {
      digits.removeFirst()
      point -= 1
    }
    while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
    return (digits, point)
  }
}

extension TimeSpan {
  /// Seconds with a fraction and an `s`, as `string(duration)` gives: `5400s`, `1.5s`.
  var text: String {
    let magnitude = nanoseconds.magnitude
    let fraction = (magnitude % 1_000_000_000).fractionText
    return "\(nanoseconds < 0 ? "-" : "")\(magnitude / 1_000_000_000)\(fraction)s"
  }

  /// For people: whole days, hours or minutes where it is whole.
  var days: String {
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "m")] as [(Int64, String)] {
      let size = unit * 1_000_000_000
      if nanoseconds != 0, nanoseconds % size == 0 { return "\(nanoseconds / size)\(name)" }
    }
    return text
  }
}

extension UInt64 {
  /// Nanoseconds as a fraction of a second without needless zeros: `.5`, or nothing.
  fileprivate var fractionText: String {
    if self == 0 { return "" }
    var digits = String(self + 1_000_000_000).dropFirst()
    while digits.hasSuffix("0") { digits.removeLast() }
    return ".\(digits)"
  }
}

extension Timestamp {
  /// RFC 3339 in UTC with as many digits as needed.
  var text: String {
    let day = Day(number: Int32(seconds.flooring(by: 86_400)))
    let inDay = Int(seconds - Int64(day.number) * 86_400)
    let parts = [inDay / 3600, inDay / 60 % 60, inDay % 60].map { $0 < 10 ? "0\($0)" : String($0) }
    return "\(day)T\(parts.joined(separator: ":"))\(UInt64(nanos).fractionText)Z"
  }

  /// For people: a midnight is a date.
  var dayOrText: String { nanos == 0 && seconds % 86_400 == 0 ? String(text.prefix(10)) : text }
}
