import Base
private import Glibc
import Synchronization

/// Bytes that are written one after another and read anywhere: in memory up to a budget, behind it in a temporary file that has no
/// name, so that nothing of it stays whatever happens to the program.
final class IndexTape: Sendable {
  private struct State: Sendable {
    var blocks: [[UInt8]] = []
    /// Bytes in memory, all but the last block full.
    var inMemory = 0
    var length = 0
    var descriptor: Int32 = -1
    var isFull = false
  }

  private static let blockSize = 1 << 20
  private let state: Mutex<State>
  private let budget: Int
  private let folder: String
  /// Where in the file the bytes behind the memory begin.
  private let origin: Int

  /// Keeps `budget` bytes in memory; the file is made in `folder` when it is first needed.
  init(budget: Int = 32 << 20, folder: String = IndexTape.temporaryFolder) {
    state = Mutex(State())
    self.budget = budget
    self.folder = folder
    origin = 0
  }

  /// A part of a file that is already there; the descriptor is closed with the tape.
  init(descriptor: Int32, from origin: Int, count: Int) {
    state = Mutex(State(length: count, descriptor: descriptor, isFull: true))
    budget = 0
    folder = ""
    self.origin = origin
  }

  deinit {
    let descriptor = state.withLock { $0.descriptor }
    if descriptor >= 0 { close(descriptor) }
  }

  /// `TMPDIR`, else `/tmp`.
  static var temporaryFolder: String {
    guard let folder = getenv("TMPDIR"), folder.pointee != 0 else { return "/tmp" }
    return String(cString: folder)
  }

  var count: Int { state.withLock { $0.length } }

  /// Writes the bytes behind all others; the place of the first.
  func append(_ bytes: [UInt8]) throws(PartError) -> Int {
    let place = state.withLock { state -> Int? in
      let place = state.length
      if !state.isFull && state.inMemory + bytes.count > budget { state.isFull = openFile(&state) }
      if state.isFull && write(bytes, &state) {
        state.length += bytes.count
        return place
      }
      // Where there is no file to be had, memory must do.
      if state.isFull { return nil }
      store(bytes, &state)
      return place
    }
    guard let place else { throw PartError(.unreadable, folder, "no room for the temporary file") }
    return place
  }

  private func openFile(_ state: inout State) -> Bool {
    var name = Array("\(folder)/muster-XXXXXX".utf8CString)
    state.descriptor = mkstemp(&name)
    if state.descriptor < 0 { return false }
    unlink(name)
    _ = fcntl(state.descriptor, F_SETFD, FD_CLOEXEC)
    return true
  }

  private func write(_ bytes: [UInt8], _ state: inout State) -> Bool {
    var done = 0
    return bytes.withUnsafeBytes { buffer in
      while done < buffer.count {
        let count = pwrite(
          state.descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done,
          off_t(state.length - state.inMemory + done))
        if count <= 0 && errno != EINTR { return false }
        done += max(count, 0)
      }
      return true
    }
  }

  private func store(_ bytes: [UInt8], _ state: inout State) {
    var rest = bytes[...]
    while !rest.isEmpty {
      if state.inMemory % Self.blockSize == 0 {
        state.blocks.append([])
        // Little stays small; what is more than a block is not moved as it grows.
        if state.inMemory > 0 { state.blocks[state.blocks.count - 1].reserveCapacity(Self.blockSize) }
      }
      let room = Self.blockSize - state.inMemory % Self.blockSize
      state.blocks[state.blocks.count - 1] += rest.prefix(room)
      state.inMemory += min(room, rest.count)
      rest = rest.dropFirst(room)
    }
    state.length = state.inMemory
  }

  /// The bytes at a place, added to `room`; false where they cannot be had.
  func read(at place: Int, count: Int, into room: inout [UInt8]) -> Bool {
    state.withLock { state in
      var (place, left) = (place, count)
      while left > 0 && place < state.inMemory {
        let at = place % Self.blockSize
        let part = state.blocks[place / Self.blockSize][at...].prefix(left)
        room += part
        place += part.count
        left -= part.count
      }
      while left > 0 {
        var got = 0
        room += [UInt8](unsafeUninitializedCapacity: left) { buffer, filled in
          got = pread(state.descriptor, buffer.baseAddress, left, off_t(origin + place - state.inMemory))
          filled = max(got, 0)
        }
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { return false }
        place += got
        left -= got
      }
      return true
    }
  }
}
