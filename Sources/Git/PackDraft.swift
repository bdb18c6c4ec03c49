import Base

/// New objects on their way into a pack: the standing pack's bytes as they are, with the new ones appended. What replaces an
/// object of the standing pack becomes a delta of it, so that a change costs little more than its own bytes.
///
/// A class: what writes a tree passes it on through all folders.
final class PackDraft {
  /// Git keeps longer chains of deltas when it packs again, but not those of more than 50.
  static let longestChain = 48

  let standing: StandingPack?
  private var body: [UInt8] = []
  private var entries: [PackIndex.Entry] = []
  private var known: Set<ObjectID> = []
  private let start: Int

  init(_ standing: StandingPack?) {
    self.standing = standing
    start = 12 + (standing?.body.count ?? 0)
  }

  var isEmpty: Bool { entries.isEmpty }

  /// Whether the object is in the pack, or will be.
  func has(_ id: ObjectID) -> Bool { known.contains(id) || standing?.offset(of: id) != nil }

  /// Takes an object that takes another's place; `contents` gives the bytes of such an older one.
  func add(
    _ id: ObjectID, _ kind: ObjectKind, _ bytes: [UInt8], replacing old: ObjectID?,
    contents: (ObjectID) throws(GitError) -> [UInt8]
  ) throws(GitError) {
    let delta = try self.delta(of: bytes, replacing: old, contents)
    let whole: [UInt8]
    if let delta, delta.count < bytes.count / 32 {
      whole = delta
    } else {
      let plain = PackEntry.head(kind, size: bytes.count) + PackEntry.compress(bytes, level: 6)
      whole = delta.map { $0.count < plain.count ? $0 : plain } ?? plain
    }
    known.insert(id)
    entries.append(
      PackIndex.Entry(id: id, offset: start + body.count, checksum: PackEntry.checksum(whole[...])))
    body += whole
  }

  /// The entry that says only what changed; `nil` where there is nothing to compare with. At the end of a long chain the whole
  /// object at its beginning is compared with.
  private func delta(
    of bytes: [UInt8], replacing old: ObjectID?, _ contents: (ObjectID) throws(GitError) -> [UInt8]
  ) throws(GitError) -> [UInt8]? {
    guard let standing, let old, let offset = standing.offset(of: old) else { return nil }
    var base = (id: old, offset: offset)
    let chain = standing.chain(at: offset)
    if chain.length >= PackDraft.longestChain {
      guard let root = standing.object(at: chain.root) else { return nil }
      base = (root, chain.root)
    }
    let delta = PackDelta(from: try contents(base.id), to: bytes).bytes
    return PackEntry.head(deltaOf: delta.count, distance: start + body.count - base.offset)
      + PackEntry.compress(delta, level: 9)
  }

  /// The whole pack, and its index.
  func finish() -> (pack: [UInt8], index: PackIndex) {
    let all = (standing?.index.entries ?? []) + entries
    var pack = Array("PACK".utf8)
    pack.reserveCapacity(start + body.count + 20)
    pack.append(word: 2)
    pack.append(word: all.count)
    if let standing { pack += standing.body }
    pack += body
    let checksum = pack.withUnsafeBytes { sha1($0) }
    pack += checksum
    return (pack, PackIndex(all, pack: checksum))
  }
}
