package import Base

/// The text of a file, expanded where it is packed: at most `limit` bytes. Throws where it cannot be read whole.
package func logText(of path: String, limit: Int = 64 << 20) throws(FileError) -> [UInt8] {
  var text: [UInt8] = []
  try withLogText(of: path) { text.count + $0.count > limit ? false : (text += $0) == () }
  return text
}

/// The SHA-256 of a file's text, in hexadecimal.
package func logTextDigest(of path: String) throws(FileError) -> String {
  var digest = SHA256Stream()
  try withLogText(of: path) { bytes in
    digest.add(bytes)
    return true
  }
  return digest.hex()
}

/// Hands over the text piece by piece, as long as `body` wants more.
private func withLogText(of path: String, _ body: (UnsafeRawBufferPointer) -> Bool) throws(FileError) {
  // Without an end, but a part: no digest of the stored bytes is needed.
  var input = try LogInput(FilePart(path: path, start: 0, end: .max))
  let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
  defer { room.deallocate() }
  while true {
    let count = input.read(into: room)
    if count == 0 { break }
    // EFBIG
    if !body(UnsafeRawBufferPointer(rebasing: room[..<count])) {
      throw FileError(path: path, operation: "read", code: 27)
    }
  }
  // EIO
  if input.fault != nil { throw FileError(path: path, operation: "expand", code: 5) }
}
