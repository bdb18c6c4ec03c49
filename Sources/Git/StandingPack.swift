import Base

/// The pack that holds all that Muster has written on its branch, as it lies on the disk.
struct StandingPack {
  private static let headSize = 12
  private static let checksumSize = 20

  /// `pack-<checksum>`.
  let name: String
  let index: PackIndex
  private let bytes: [UInt8]
  private let offsets: [ObjectID: Int]

  /// `nil` where a byte of either file is wrong.
  init?(_ name: String, pack bytes: [UInt8], index: PackIndex) {
    guard bytes.count >= StandingPack.headSize + StandingPack.checksumSize, bytes.starts(with: "PACK".utf8),
      bytes.suffix(StandingPack.checksumSize).elementsEqual(index.pack)
    else { return nil }
    let sum = bytes.withUnsafeBytes { sha1(UnsafeRawBufferPointer(rebasing: $0.dropLast(StandingPack.checksumSize))) }
    guard sum == index.pack else { return nil }
    self.name = name
    self.index = index
    self.bytes = bytes
    offsets = Dictionary(index.entries.map { ($0.id, $0.offset) }) { first, _ in first }
  }

  /// The entries, one after another.
  var body: ArraySlice<UInt8> { bytes.dropFirst(StandingPack.headSize).dropLast(StandingPack.checksumSize) }

  /// Where the object starts; `nil` where it is not in here.
  func offset(of id: ObjectID) -> Int? { offsets[id] }

  /// How many deltas lie between the object at a place and the whole object that they begin with, and where that one lies.
  func chain(at start: Int) -> (length: Int, root: Int) {
    var (length, at) = (0, start)
    while let base = PackEntry.base(of: at, in: bytes) { (length, at) = (length + 1, base) }
    return (length, at)
  }

  /// The object that starts at a place.
  func object(at offset: Int) -> ObjectID? { index.entries.first { $0.offset == offset }?.id }
}
