private import Glibc

/// `"%s is %d".format([a, b])` of the strings extension.
enum StringFormat {
  static let function = Function(
    "format", "The text with `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X`, `%o` filled in from the list",
    [Overload(member: true, [.string, .list(.dyn)], .string)],
    .binary { pattern, arguments in
      guard case .string(let pattern) = pattern, case .list(let arguments) = arguments else { return nil }
      return format(pattern, arguments)
    })

  private struct Refused: Error {
    let message: String
  }

  private static func format(_ pattern: String, _ arguments: [Value]) -> Value {
    var out: [UInt8] = []
    var rest = Array(pattern.utf8)[...]
    var number = 0
    do {
      while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
          out.append(byte)
          continue
        }
        if rest.first == UInt8(ascii: "%") {
          out.append(UInt8(ascii: "%"))
          rest.removeFirst()
          continue
        }
        let digits = try precision(&rest)
        guard let clause = rest.popFirst() else { throw Refused(message: "the format ends inside a clause") }
        guard number < arguments.count else { throw Refused(message: "index \(number) out of range") }
        out += try text(arguments[number], clause, digits).utf8
        number += 1
        if out.count > Limits.bytes { return Limits.tooLong }
      }
    } catch let error as Refused {
      return .failure("format: \(error.message)")
    } catch {
      return .failure("format: \(error)")
    }
    return .string(String(decoding: out, as: UTF8.self))
  }

  private static func precision(_ rest: inout ArraySlice<UInt8>) throws -> Int? {
    guard rest.first == UInt8(ascii: ".") else { return nil }
    rest.removeFirst()
    let digits = rest.prefix { $0.isDigit }
    rest = rest.dropFirst(digits.count)
    guard let number = Int(String(decoding: digits, as: UTF8.self)), number <= 1000 else {
      throw Refused(message: "the precision is not a number up to 1000")
    }
    return number
  }

  private static func text(_ value: Value, _ clause: UInt8, _ digits: Int?) throws -> String {
    switch clause {
    case UInt8(ascii: "s"): return try string(value)
    case UInt8(ascii: "d"): return try decimal(value)
    case UInt8(ascii: "f"): return try number(value, "f", digits ?? 6)
    case UInt8(ascii: "e"): return try number(value, "e", digits ?? 6)
    case UInt8(ascii: "b"): return try integer(value, radix: 2, "integers and bools", "binary")
    case UInt8(ascii: "o"): return try integer(value, radix: 8, "integers", "octal")
    case UInt8(ascii: "x"): return try hexadecimal(value, upper: false)
    case UInt8(ascii: "X"): return try hexadecimal(value, upper: true)
    default:
      throw Refused(message: "there is no clause `%\(String(decoding: [clause], as: UTF8.self))`")
    }
  }

  private static func string(_ value: Value) throws -> String {
    switch value {
    case .string(let text): return text
    case .timestamp(let time): return time.text
    case .duration(let span): return span.text
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .uint(let number): return String(number)
    case .list(let elements): return "[" + (try joined(elements.map { try string($0) })) + "]"
    case .map(let map):
      let parts = try map.entries.map { (try string($0.key), try string($0.value)) }
      return "{" + (try joined(parts.sorted { $0.0.scalarsPrecede($1.0) }.map { "\($0.0): \($0.1)" })) + "}"
    case .null, .bool, .int, .double, .type, .opaque: return value.literalText
    default: throw Refused(message: "\(value.typeName) cannot be written as text")
    }
  }

  private static func joined(_ parts: [String]) throws -> String {
    guard parts.reduce(0, { $0 + $1.utf8.count + 2 }) <= Limits.bytes else {
      throw Refused(message: "the text is longer than \(Limits.bytes) bytes")
    }
    return parts.joined(separator: ", ")
  }

  private static func decimal(_ value: Value) throws -> String {
    switch value {
    case .int, .uint: return try string(value)
    case .double(let number) where !number.isFinite: return number.celText
    default: throw Refused(message: "%d takes integers, not \(value.typeName)")
    }
  }

  private static func integer(_ value: Value, radix: Int, _ kinds: String, _ name: String) throws -> String {
    switch value {
    case .int(let number): return String(number, radix: radix)
    case .uint(let number): return String(number, radix: radix)
    case .bool(let bool) where radix == 2: return bool ? "1" : "0"
    default: throw Refused(message: "only \(kinds) can be written as \(name), not \(value.typeName)")
    }
  }

  private static func hexadecimal(_ value: Value, upper: Bool) throws -> String {
    let text: String
    switch value {
    case .int(let number): text = String(number, radix: 16)
    case .uint(let number): text = String(number, radix: 16)
    case .string(let string): text = string.utf8.map(hexadecimalPair).joined()
    case .bytes(let bytes): text = bytes.map(hexadecimalPair).joined()
    default:
      throw Refused(message: "only integers, bytes and strings can be written as hexadecimal, not \(value.typeName)")
    }
    return upper ? text.uppercased() : text
  }

  private static func hexadecimalPair(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  private static func number(_ value: Value, _ clause: String, _ digits: Int) throws -> String {
    let number: Double
    switch value {
    case .double(let double): number = double
    case .int(let int): number = Double(int)
    case .uint(let uint): number = Double(uint)
    default: throw Refused(message: "%\(clause) takes numbers, not \(value.typeName)")
    }
    if !number.isFinite { return number.celText }
    // printf rounds the exact value half to even, as the tests want; the largest double has 309 digits before the point.
    var buffer = [CChar](repeating: 0, count: 400 + digits)
    let count = withVaList([Int32(digits), number]) { vsnprintf(&buffer, buffer.count, "%.*\(clause)", $0) }
    return String(decoding: buffer.prefix(Int(max(0, count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
