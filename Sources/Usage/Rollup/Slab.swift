private import Glibc

/// Memory of large tables: zero when it is new, and moved by the page when it grows instead of being copied.
///
/// Half of what a first use of memory costs is the system's work for each page of 4 KiB; large tables ask for pages of 2 MiB.
enum Slab {
  private static let hugePage = 2 << 20

  /// Room for so many elements, all of their bytes zero.
  static func make<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) -> UnsafeMutableBufferPointer<Element>
  {
    room(calloc(max(count, 1), MemoryLayout<Element>.stride), count)
  }

  /// The elements with room for so many; what is behind the old ones is anything.
  static func grow<Element: BitwiseCopyable>(
    _ buffer: UnsafeMutableBufferPointer<Element>, to count: Int
  ) -> UnsafeMutableBufferPointer<Element> {
    room(realloc(buffer.baseAddress, count * MemoryLayout<Element>.stride), count)
  }

  static func release<Element: BitwiseCopyable>(_ buffer: UnsafeMutableBufferPointer<Element>) {
    free(buffer.baseAddress)
  }

  private static func room<Element: BitwiseCopyable>(
    _ start: UnsafeMutableRawPointer?, _ count: Int
  ) -> UnsafeMutableBufferPointer<Element> {
    guard let start else { preconditionFailure("there is memory") }
    let size = count * MemoryLayout<Element>.stride
    if size >= 2 * hugePage {
      // The first whole page inside; a refusal costs nothing but speed.
      let first = (Int(bitPattern: start) + hugePage - 1) & ~(hugePage - 1)
      let length = (Int(bitPattern: start) + size - first) & ~(hugePage - 1)
      _ = madvise(UnsafeMutableRawPointer(bitPattern: first), length, MADV_HUGEPAGE)
    }
    return UnsafeMutableBufferPointer(start: start.assumingMemoryBound(to: Element.self), count: count)
  }
}
