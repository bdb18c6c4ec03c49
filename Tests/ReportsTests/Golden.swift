import Base
private import Glibc
import Testing

/// Files that hold what a report must be, byte for byte. `MUSTER_RECORD=1` writes them anew and still fails, so that nothing
/// passes by recording itself.
enum Golden {
  static func expect(_ bytes: [UInt8], _ name: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    let folder = String(#filePath.dropLast("Golden.swift".count)) + "Golden"
    let path = "\(folder)/\(name)"
    if getenv("MUSTER_RECORD") != nil {
      do { try FileSystem.write(bytes, to: path) } catch { Issue.record(error, sourceLocation: sourceLocation) }
      Issue.record("recorded \(name); run again without MUSTER_RECORD", sourceLocation: sourceLocation)
      return
    }
    do {
      let wanted = try FileSystem.read(path)
      #expect(
        String(decoding: bytes, as: UTF8.self) == String(decoding: wanted, as: UTF8.self),
        sourceLocation: sourceLocation)
    } catch {
      Issue.record("no golden file: record it with MUSTER_RECORD=1 (\(error))", sourceLocation: sourceLocation)
    }
  }
}
