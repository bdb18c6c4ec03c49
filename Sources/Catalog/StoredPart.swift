package import Base
package import Usage

/// The rollup of a source beside the catalog: what was counted, and of which files. It is the truth; the catalog says only where to
/// read again.
package struct StoredPart: Sendable {
  private let path: String

  /// Of the source with that name.
  package init(of source: String, in commonDirectory: String) {
    let plain = source.utf8.map { byte in
      let isPlain = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "-")
      return isPlain ? byte : UInt8(ascii: "_")
    }
    // Names that differ only in what is not plain get different files.
    let mark = String(catalogHash(source) & 0xFFFF_FFFF, radix: 16)
    path = "\(commonDirectory)/muster/parts/\(String(decoding: plain.prefix(64), as: UTF8.self))-\(mark).rollup"
  }

  /// The part; `nil` where there is none or it cannot be used, with why.
  package func read() -> (part: UsagePart?, problem: String?) {
    if FileSystem.kind(path) == nil { return (nil, nil) }
    do throws(FileError) {
      let bytes = try FileSystem.read(path)
      do throws(PartError) { return (try UsagePart(decoding: bytes, path: path), nil) } catch {
        return (nil, error.description)
      }
    } catch { return (nil, error.description) }
  }

  /// Writes it whole or not at all.
  package func write(_ part: UsagePart) throws(FileError) {
    if let slash = path.lastIndex(of: "/") { try FileSystem.makeFolder(String(path[..<slash])) }
    let outcome: Result<[UInt8], PartError>
    do throws(PartError) { outcome = .success(try part.encode()) } catch { outcome = .failure(error) }
    // EIO
    guard case .success(let bytes) = outcome else { throw FileError(path: path, operation: "write", code: 5) }
    try FileSystem.write(bytes, to: path)
  }
}
