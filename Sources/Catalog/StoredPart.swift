import Base
private import Glibc
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
    do throws(PartError) { return (try UsagePart(reading: path), nil) } catch { return (nil, error.description) }
  }

  /// Removes it where there is one.
  package func remove() { unlink(path) }

  /// Removes what killed runs left half written; no other run may be writing.
  package static func removeUnfinished(in commonDirectory: String) {
    let folder = "\(commonDirectory)/muster/parts"
    for name in (try? FileSystem.names(in: folder)) ?? [] where name.hasSuffix(".tmp") { unlink("\(folder)/\(name)") }
  }

  /// Writes it whole or not at all. Neither this nor reading holds its events in memory.
  package func write(_ part: UsagePart) throws(CatalogError) {
    do throws(FileError) {
      if let slash = path.lastIndex(of: "/") { try FileSystem.makeFolder(String(path[..<slash])) }
    } catch { throw CatalogError(.failed, path: path, detail: error.description) }
    do throws(PartError) { try part.write(to: path) } catch {
      throw CatalogError(.failed, path: path, detail: error.description)
    }
  }
}
