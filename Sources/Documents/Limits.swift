/// What a reader refuses to go past; each limit is an error with a place.
package struct Limits: Hashable, Sendable {
  /// Size of the text.
  package var bytes = 1 << 20
  /// Containers inside containers.
  package var depth = 64
  /// Scalars, keys and containers together.
  package var nodes = 100_000

  package init(bytes: Int = 1 << 20, depth: Int = 64, nodes: Int = 100_000) {
    self.bytes = bytes
    self.depth = depth
    self.nodes = nodes
  }

  /// For files that people write: 1 MiB, 64 levels, 100,000 nodes.
  package static let declarations = Limits()
  /// For exports of whole accounts: 1 GiB, 128 levels, as many nodes as fit.
  package static let exports = Limits(bytes: 1 << 30, depth: 128, nodes: .max)

  /// Offsets and node numbers are 32 bits wide, and the readers of a document recurse.
  var clamped: Limits {
    Limits(bytes: min(bytes, Int(UInt32.max) - 64), depth: min(depth, 512), nodes: min(nodes, Int(UInt32.max) - 1))
  }
}
