private import Glibc
import Model

/// Statements that were read before, by their bytes.
///
/// Most statements of an account stand in managed policies and groups, so that thousands of identities have the same: a look-up
/// costs a fifth of reading one, and they then share their memory.
final class GrantPool {
  private struct Entry {
    let range: Range<Int>
    let grant: GrantFact
  }

  private var entries: [UInt64: Entry] = [:]
  private var texts: [UInt8] = []
  /// Bytes of texts to keep; accounts whose statements are all different should not pay for it.
  private static let capacity = 16 << 20

  /// The statement that these bytes were read as.
  func known(_ bytes: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> GrantFact? {
    guard let entry = entries[hash], entry.range.count == bytes.count, let theirs = bytes.baseAddress else {
      return nil
    }
    // A hash that was seen may be forged: only equal bytes are equal.
    let isSame = texts.withUnsafeBufferPointer { texts in
      texts.baseAddress.map { memcmp($0 + entry.range.lowerBound, theirs, bytes.count) == 0 } ?? false
    }
    return isSame ? entry.grant : nil
  }

  func keep(_ grant: GrantFact, _ bytes: UnsafeBufferPointer<UInt8>, _ hash: UInt64) {
    if texts.count + bytes.count > GrantPool.capacity || entries[hash] != nil { return }
    let start = texts.count
    texts.append(contentsOf: bytes)
    entries[hash] = Entry(range: start..<texts.count, grant: grant)
  }

  /// A hash of the bytes, eight at a time.
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
    var at = 0
    while at + 8 <= raw.count {
      hash = mix(hash, raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var rest: UInt64 = 0
    while at < raw.count {
      rest = rest << 8 | UInt64(raw[at])
      at += 1
    }
    return mix(hash, rest)
  }

  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
}
