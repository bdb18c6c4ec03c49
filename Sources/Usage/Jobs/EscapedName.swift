/// Names of inputs in lines of text: in a manifest and before a frame. `\t`, `\n`, `\r`, `\\`, and `\xHH` for other control
/// characters; everything else stands for itself.
enum EscapedName {
  static func escape(_ name: String) -> String {
    var out: [UInt8] = []
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): out += "\\\\".utf8
      case 0x09: out += "\\t".utf8
      case 0x0A: out += "\\n".utf8
      case 0x0D: out += "\\r".utf8
      case 0..<0x20, 0x7F: out += "\\x\(hexadecimal(byte))".utf8
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
  }

  /// The name; `nil` for an escape that there is none of, or what is no UTF-8.
  static func unescape(_ text: some Collection<UInt8>) -> String? {
    var out: [UInt8] = []
    var rest = Array(text)[...]
    while let byte = rest.popFirst() {
      if byte != UInt8(ascii: "\\") {
        out.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "\\"): out.append(UInt8(ascii: "\\"))
      case UInt8(ascii: "t"): out.append(0x09)
      case UInt8(ascii: "n"): out.append(0x0A)
      case UInt8(ascii: "r"): out.append(0x0D)
      case UInt8(ascii: "x"):
        guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
          return nil
        }
        out.append(value)
        rest = rest.dropFirst(2)
      default: return nil
      }
    }
    return String(validating: out, as: UTF8.self)
  }
}
