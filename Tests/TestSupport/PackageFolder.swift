import Base
private import Glibc

/// The checkout that the tests were built from, and what lies beside it.
package enum PackageFolder {
  /// The absolute path of the checkout's root.
  package static let path = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

  /// The absolute path of something in the checkout.
  package static func path(_ name: String) -> String { "\(path)/\(name)" }

  /// The text of a file of the checkout.
  package static func read(_ name: String) throws -> String {
    String(decoding: try FileSystem.read(path(name)), as: UTF8.self)
  }

  /// Files below a folder of the checkout whose names end so, relative to the root, sorted.
  package static func files(below folder: String, suffix: String) throws -> [String] {
    try FileSystem.files(at: path(folder)).filter { $0.hasSuffix(suffix) }.map { String($0.dropFirst(path.count + 1)) }
  }

  /// The folder of samples that the project does not carry (`MUSTER_SHARED`, else `../shared`); `nil` where it is absent.
  package static var shared: String? {
    let folder = environment("MUSTER_SHARED") ?? path("../shared")
    return FileSystem.kind(folder) == .folder ? folder : nil
  }

  /// A program of the same build as the tests; `MUSTER_BINARY` overrides `muster`. `nil` when it was not built.
  package static func program(_ name: String) -> String? {
    if name == "muster", let given = environment("MUSTER_BINARY") { return given }
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    let own = String(decoding: buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let beside = own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/\(name)"
    return [beside, path(".build/debug/\(name)")].first { FileSystem.kind($0) == .file }
  }

  /// A variable of the test run's environment.
  package static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
