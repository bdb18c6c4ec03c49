import Model

/// Colours a text with ANSI escapes, or leaves it as it is.
struct Pen {
  enum Ink: String {
    case bold = "1"
    case faint = "2"
    case red = "31"
    case boldRed = "1;31"
    case green = "32"
    case yellow = "33"
    case boldYellow = "1;33"
    case boldBlue = "1;34"
    case magenta = "35"
    case cyan = "36"
  }

  let isColoured: Bool

  func callAsFunction(_ text: String, _ ink: Ink) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// The colour of a finding's head and of its carets.
  static func ink(of finding: Finding) -> Ink {
    if finding.verdict == .unknown { return .magenta }
    switch finding.severity {
    case .critical: return .boldRed
    case .high: return .red
    case .medium: return .boldYellow
    case .low: return .yellow
    case .info: return .cyan
    }
  }
}

/// Columns that a text takes on a terminal: none for combining marks, two for East Asian wide characters and emoji.
func displayWidth(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + displayWidth($1) } }

func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  switch scalar.value {
  case 0x20..<0x7F: return 1
  // The blocks of UAX #11 whose default is wide, and the emoji planes.
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    return 2
  default:
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return 1
    }
  }
}

extension String {
  /// Filled with spaces on the right up to so many columns.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - displayWidth(self))) }

  /// Filled with spaces on the left up to so many columns.
  func aligned(to width: Int) -> String { String(repeating: " ", count: max(0, width - displayWidth(self))) + self }

  /// Broken at spaces into lines of at most `width` columns; a longer word stays whole, so that it can be copied. 0 does not break.
  package func wrapped(to width: Int) -> [String] {
    guard width > 0, displayWidth(self) > width else { return [self] }
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty && displayWidth(line) + 1 + displayWidth(String(word)) > width {
        lines.append(line)
        line = String(word)
      } else {
        line = line.isEmpty ? String(word) : "\(line) \(word)"
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
