import Base
import Documents
import Usage

/// A digest file of CloudTrail (CloudTrail User Guide, "CloudTrail digest file structure"): what log files of an hour were delivered,
/// with the SHA-256 of each one's text, and of the digest before it.
struct TrailDigest {
  struct LogFile {
    let object: String
    let hash: String
  }

  let path: String
  let object: String
  /// SHA-256 of the digest's own text.
  let hash: String
  let logFiles: [LogFile]
  let previousObject: String?
  let previousHash: String?
  /// Of the digest before, as hexadecimal text.
  let previousSignature: String?
  /// What AWS signs.
  let signedBytes: [UInt8]

  /// What digests that follow each other have in common: the object's name without its time.
  var series: Substring { object[..<(object.lastIndex(of: "_") ?? object.endIndex)].split(separator: "/").last ?? "" }

  /// Whether a path is one of a digest file.
  static func isDigest(_ path: String) -> Bool {
    path.contains("/CloudTrail-Digest/") || path.contains("_CloudTrail-Digest_")
  }

  /// `nil` where the file is no digest.
  init?(at path: String) throws(FileError) {
    let bytes = try logText(of: path)
    guard let root = Document.json(bytes, path: path).document?.root, let files = root["logFiles"],
      let object = root["digestS3Object"]?.text, let bucket = root["digestS3Bucket"]?.text,
      let end = root["digestEndTime"]?.text
    else { return nil }
    self.path = path
    self.object = object
    hash = SHA256Digest(of: bytes).hex
    logFiles = files.elements.compactMap { file in
      guard let name = file["s3Object"]?.text, let hash = file["hashValue"]?.text else { return nil }
      return LogFile(object: name, hash: hash)
    }
    previousObject = root["previousDigestS3Object"]?.text
    previousHash = root["previousDigestHashValue"]?.text
    previousSignature = root["previousDigestSignature"]?.text
    signedBytes = Array("\(end)\n\(bucket)/\(object)\n\(hash)\n\(previousSignature ?? "null")".utf8)
  }
}

/// A public key of CloudTrail, kept as bytes: keys of OpenSSL live where they are used.
struct TrailPublicKey {
  let bytes: [UInt8]

  init(at path: String, _ world: World) throws(CommandError) {
    do throws(FileError) { bytes = try FileSystem.read(world.absolute(path), limit: 1 << 20) } catch {
      throw CommandError(.usage, error.description)
    }
    if RSAPublicKey(bytes) == nil {
      throw CommandError(
        .usage, "'\(path)' is no RSA public key", hint: "PEM, DER, or the base64 of `aws cloudtrail list-public-keys`")
    }
  }

  func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard let key = RSAPublicKey(bytes) else { return false }
    return key.verifies(signature, of: message)
  }
}

/// The digest files of a source against its log files.
struct TrailDigestCheck {
  struct Row {
    let path: String
    /// `digest-ok`, `digest-unsigned` (right, its signature could not be looked at), `digest-mismatch` (a log file), `digest-broken`
    /// (the digest itself), `digest-missing` (the one before it), `digest-unreadable`.
    let state: String
    let detail: String
  }

  private(set) var rows: [Row] = []

  init(_ paths: [String], logs: [String], keys: [TrailPublicKey]) {
    if paths.isEmpty { return }
    // Each of several of one name is held for what the digest says.
    let byName = Dictionary(grouping: logs, by: Self.name)
    var digests: [TrailDigest] = []
    for path in paths.sorted() {
      do throws(FileError) {
        if let digest = try TrailDigest(at: path) {
          digests.append(digest)
        } else {
          rows.append(Row(path: path, state: "digest-unreadable", detail: "it is no digest file"))
        }
      } catch { rows.append(Row(path: path, state: "digest-unreadable", detail: error.description)) }
    }
    let known = Dictionary(digests.map { ($0.object, $0) }, uniquingKeysWith: { first, _ in first })
    var signatures: [String: String] = [:]
    for digest in digests {
      if let before = digest.previousObject, let signature = digest.previousSignature { signatures[before] = signature }
    }
    var begun: Set<Substring> = []
    for digest in digests.sorted(by: { utf8Precedes($0.object, $1.object) }) {
      checkLogs(digest, byName)
      // Of the first one that was kept, the one before is gone with time.
      let isFirst = begun.insert(digest.series).inserted
      if let before = digest.previousObject, known[before] == nil, !isFirst {
        rows.append(
          Row(path: digest.path, state: "digest-missing", detail: "it follows '\(before)', which is not here"))
      }
      checkChain(digest, known, signatures[digest.object], keys)
    }
  }

  private static func name(_ path: String) -> String {
    String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
  }

  private mutating func checkLogs(_ digest: TrailDigest, _ byName: [String: [String]]) {
    for file in digest.logFiles {
      guard let paths = byName[Self.name(file.object)] else {
        rows.append(
          Row(path: digest.path, state: "digest-mismatch", detail: "it names '\(file.object)', which is not here"))
        continue
      }
      for path in paths { check(path, file, digest) }
    }
  }

  private mutating func check(_ path: String, _ file: TrailDigest.LogFile, _ digest: TrailDigest) {
    do throws(FileError) {
      let found = try logTextDigest(of: path)
      if found == file.hash { return }
      let detail = "\(Self.name(digest.path)) says \(file.hash.prefix(12))… for its text, found \(found.prefix(12))…"
      rows.append(Row(path: path, state: "digest-mismatch", detail: detail))
    } catch { rows.append(Row(path: path, state: "digest-unreadable", detail: error.description)) }
  }

  private mutating func checkChain(
    _ digest: TrailDigest, _ known: [String: TrailDigest], _ signature: String?, _ keys: [TrailPublicKey]
  ) {
    if let before = digest.previousObject.flatMap({ known[$0] }), let hash = digest.previousHash, before.hash != hash {
      let detail = "the digest after it says \(hash.prefix(12))… for its text, found \(before.hash.prefix(12))…"
      rows.append(Row(path: before.path, state: "digest-broken", detail: detail))
    }
    let count = counted(digest.logFiles.count, "log file", "log files")
    if keys.isEmpty {
      rows.append(
        Row(path: digest.path, state: "digest-unsigned", detail: "\(count); --public-key checks its signature"))
      return
    }
    guard let signature, let bytes = Self.hexadecimal(signature) else {
      let detail = "\(count); its signature is in the next digest, which is not here, and in the object's metadata"
      rows.append(Row(path: digest.path, state: "digest-unsigned", detail: detail))
      return
    }
    if keys.contains(where: { $0.verifies(bytes, of: digest.signedBytes) }) {
      rows.append(Row(path: digest.path, state: "digest-ok", detail: "\(count); signed by AWS's key"))
    } else {
      rows.append(Row(path: digest.path, state: "digest-broken", detail: "its signature is of none of the public keys"))
    }
  }

  private static func hexadecimal(_ text: String) -> [UInt8]? {
    let digits = text.compactMap(\.hexDigitValue)
    if digits.isEmpty || digits.count != text.count || digits.count % 2 != 0 { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
