package import Base
private import Glibc

/// Copies standard input into a file that has no name, for it must be read twice; a path to that file, good as long as the process lives.
package func spooledStandardInput() throws(FileError) -> String {
  guard let file = tmpfile() else { throw FileError(path: "-", operation: "make a temporary file for", code: errno) }
  // Never closed: the path below goes through it.
  let descriptor = fileno(file)
  let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
  defer { room.deallocate() }
  while true {
    let count = read(STDIN_FILENO, room.baseAddress, room.count)
    if count < 0 && errno == EINTR { continue }
    if count < 0 { throw FileError(path: "-", operation: "read", code: errno) }
    if count == 0 { break }
    var written = 0
    while written < count {
      let step = write(descriptor, room.baseAddress?.advanced(by: written), count - written)
      if step < 0 && errno == EINTR { continue }
      if step <= 0 { throw FileError(path: "-", operation: "write a temporary copy of", code: errno) }
      written += step
    }
  }
  return "/proc/self/fd/\(descriptor)"
}
