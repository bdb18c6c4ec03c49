/// `primaryLocationLineHash`, by which GitHub recognises an alert from one upload to the next: a rolling hash over the 100
/// characters from a line's first one on, white space left out, and how often that hash occurred up to there.
///
/// The definition is the code of github/codeql-action (`src/fingerprints.ts`): base 37 modulo 2^64, over UTF-16 units.
struct LineHash {
  private static let blockSize = 100
  private static let base: UInt64 = 37
  /// `base` to the power of `blockSize`: the weight of what leaves the window.
  private static let leaving = (0..<blockSize).reduce(UInt64(1)) { power, _ in power &* base }

  private var hash: UInt64 = 0
  private var window = [UInt64](repeating: 0, count: blockSize)
  /// Whether a line begins at that place of the window and waits for its hash.
  private var begins = [Bool](repeating: false, count: blockSize)
  private var index = 0
  private var isLineStart = true
  private var followsCarriageReturn = false
  private var counts: [UInt64: Int] = [:]
  private var hashes: [String] = []

  /// The hashes of the lines in order. Text that ends with a line feed has one more, for the empty line after it.
  static func hashes(of source: [UInt8]) -> [String] {
    var state = LineHash()
    for unit in String(decoding: source, as: UTF8.self).utf16 { state.take(unit) }
    state.take(0xFFFF)
    for _ in 0..<blockSize {
      state.emit()
      state.shift(0)
    }
    return state.hashes
  }

  private mutating func take(_ unit: UInt16) {
    let wasCarriageReturn = followsCarriageReturn
    followsCarriageReturn = unit == 0x0D
    if unit == 0x20 || unit == 0x09 || (wasCarriageReturn && unit == 0x0A) { return }
    let unit: UInt16 = unit == 0x0D ? 0x0A : unit
    emit()
    begins[index] = isLineStart
    isLineStart = unit == 0x0A
    shift(UInt64(unit))
  }

  private mutating func emit() {
    guard begins[index] else { return }
    begins[index] = false
    counts[hash, default: 0] += 1
    hashes.append("\(String(hash, radix: 16)):\(counts[hash, default: 0])")
  }

  private mutating func shift(_ unit: UInt64) {
    hash = hash &* LineHash.base &+ unit &- LineHash.leaving &* window[index]
    window[index] = unit
    index = (index + 1) % LineHash.blockSize
  }
}
