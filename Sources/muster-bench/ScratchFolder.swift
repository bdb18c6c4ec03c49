import Base
private import Glibc

/// A folder of its own, deleted with everything in it when the last reference goes.
final class ScratchFolder: Sendable {
  let path: String

  init() throws(BenchmarkError) {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/muster-bench-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let made else { throw BenchmarkError(message: "cannot make a folder below '\(base)'") }
    path = made
  }

  deinit {
    // What cannot be deleted lies below the system's folder for temporary files.
    _ = try? Program("rm", "-rf", path).run()
  }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes a file of the bytes; the folders above it are there.
  func write(_ name: String, _ bytes: [UInt8]) throws(BenchmarkError) {
    guard let file = fopen(path(name), "w") else { throw BenchmarkError(message: "cannot write '\(path(name))'") }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else {
      throw BenchmarkError(message: "cannot write '\(path(name))'")
    }
  }

  func makeFolder(_ name: String) throws(BenchmarkError) {
    do throws(FileError) {
      try FileSystem.makeFolder(path(name))
    } catch {
      throw BenchmarkError(message: error.description)
    }
  }

  /// Makes a folder of links to the files, in their order.
  func link(_ files: [String], into folder: String) throws(BenchmarkError) {
    try makeFolder(folder)
    for (number, file) in files.enumerated() {
      let name = file.split(separator: "/").last ?? ""
      try Program("ln", "--symbolic", "--relative").expect([file, path("\(folder)/\(1_000_000 + number)-\(name)")])
    }
  }
}
