/// Inputs one after another on a stream: `<name>\t<length>\n<bytes>` each, names as `EscapedName` writes them. A frame of no name and
/// length 0 (`\t0\n`) ends the stream: without it, whoever wrote the stream may have died.
struct FrameReader {
  let stream: InputStream
  private var number = 0
  private var name = ""

  init(_ stream: InputStream) { self.stream = stream }

  /// The next frame, whose bytes follow on the stream; `nil` at the frame that ends it.
  mutating func next() throws(JobError) -> (name: String, length: UInt64)? {
    guard let line = stream.line(limit: 1 << 16) else { throw cutShort() }
    number += 1
    guard let tab = line.lastIndex(of: 0x09), let length = UInt64(String(decoding: line[(tab + 1)...], as: UTF8.self)),
      let name = EscapedName.unescape(line[..<tab]), !name.isEmpty || length == 0
    else {
      throw JobError(
        .incomplete, "frame \(number) has no head", hint: "a frame is <name>, a tab, <length>, a line feed")
    }
    self.name = name
    return name.isEmpty ? nil : (name, length)
  }

  /// The stream ends in or behind the last frame.
  func cutShort() -> JobError {
    let place = number == 0 ? "before the first frame" : "in or behind frame \(number), '\(name)'"
    return JobError(
      .incomplete, "the stream ends \(place), without the frame that ends it",
      hint: "whoever wrote it may have died; the last frame is a tab, 0, a line feed")
  }
}
