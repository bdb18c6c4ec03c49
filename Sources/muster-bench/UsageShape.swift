import Base
private import CSimdjson

/// A kind of log that is measured.
enum UsageShape: String, CaseIterable {
  case cloudtrail, kubernetes, nginx

  /// What finds the fields of the limit.
  var limit: String { self == .nginx ? "memchr alone" : "simdjson alone" }

  /// Lent to C for the limit.
  var number: UInt32 {
    switch self {
    case .cloudtrail: muster_shape_cloudtrail.rawValue
    case .kubernetes: muster_shape_kubernetes.rawValue
    case .nginx: muster_shape_access_log.rawValue
    }
  }

  /// Of a log that begins so.
  init(startingWith text: some Collection<UInt8>) {
    let head = String(decoding: text.prefix(4096), as: UTF8.self)
    self = head.hasPrefix("{\"Records\"") ? .cloudtrail : head.hasPrefix("{") ? .kubernetes : .nginx
  }

  /// Writes such logs of so many bytes into the folder: the same for the same size.
  func write(bytes: Int, into folder: String) throws(BenchmarkError) {
    try unwrapping { () throws(FileError) in
      switch self {
      case .cloudtrail:
        var generator = CloudTrailGenerator()
        _ = try generator.write(bytes: bytes, into: folder)
      case .kubernetes: try LineGenerator.audit.write(bytes: bytes, into: folder)
      case .nginx: try LineGenerator.access.write(bytes: bytes, into: folder)
      }
    }
  }
}

/// The logs of one shape, plain or compressed.
struct UsageInput {
  let shape: UsageShape
  let isCompressed: Bool
  let files: [String]
  /// Bytes as they lie there.
  let stored: UInt64

  var name: String { "\(shape.rawValue), \(isCompressed ? "gzip" : "plain")" }

  /// The logs in a folder; `truth.json` is what generators leave beside them.
  init(folder: String) throws(BenchmarkError) {
    files = try unwrapping { () throws(FileError) in try FileSystem.files(at: folder) }
      .filter { !$0.hasSuffix("/truth.json") }
    guard let first = files.first else { throw BenchmarkError(message: "there are no logs in '\(folder)'") }
    var text = LogBytes()
    try text.read(first, atMost: 1 << 16)
    shape = UsageShape(startingWith: text.bytes)
    isCompressed = text.isCompressed
    stored = files.reduce(0) { $0 + UInt64(FileSystem.status($1)?.size ?? 0) }
  }
}
