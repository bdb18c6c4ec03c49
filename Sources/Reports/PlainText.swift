import Base

/// Strangers' text for reports that are printed line by line, on a terminal or into the log of a CI job.
enum PlainText {
  /// On one line, nothing that moves a cursor, and nothing that a CI runner takes for a command wherever it stands in a line
  /// (`##[error]` of GitHub's runner, `##vso[…]` of Azure, `##teamcity[…]`).
  static func line(_ text: String) -> String {
    let escaped = text.escapedOnOneLine
    guard escaped.utf8.contains(UInt8(ascii: "#")) else { return escaped }
    var out = ""
    var previous: Unicode.Scalar = " "
    for scalar in escaped.unicodeScalars {
      if scalar == "#" && previous == "#" { out += "\\" }
      out.unicodeScalars.append(scalar)
      previous = scalar
    }
    return out
  }

  /// As `line`, cut to `limit` characters with the number of those left out.
  static func line(_ text: String, limit: Int) -> String {
    let count = text.unicodeScalars.count
    guard count > limit else { return line(text) }
    let kept = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    return "\(line(kept))… (\(count - limit) characters more)"
  }

  /// As `line`, for text that begins a line: a `::` there would be a workflow command.
  static func lineStart(_ text: String) -> String {
    let text = line(text)
    return text.drop { $0 == " " }.hasPrefix("::") ? "\\" + text : text
  }

  /// `path:line:column` on one line.
  static func place(_ location: SourceLocation) -> String { lineStart(location.description) }
}

/// JSON bytes whose strings hold nothing that a terminal would act on when the file is printed.
enum JSONText {
  /// `JSONWriter` leaves characters beyond ASCII as they are; here C1 controls, bidirectional marks and their kin become `\u…`.
  /// Such characters occur in JSON only inside strings, so the value stays the same.
  static func printable(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.allSatisfy({ $0 < 0x80 }) { return bytes }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + 64)
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if scalar.value >= 0x80 && scalar.isUnprintable {
        for unit in String(scalar).utf16 {
          out += "\\u".utf8
          out += [UInt8(unit >> 8), UInt8(unit & 0xFF)].hex.utf8
        }
      } else {
        out += String(scalar).utf8
      }
    }
    return out
  }
}
