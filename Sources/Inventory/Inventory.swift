package import Base
package import Model

/// An inventory source as `muster.yaml` names it.
package struct InventorySource: Sendable, Hashable {
  package var name: String
  /// Globs of the places that it shows: `aws:111122223333`.
  package var covers: [String]
  /// Older than this is stale.
  package var every: Milliseconds?
  /// A name of `inventoryFormats`; other kinds of export are then refused. The path of a YAML file: the mapping that describes the
  /// files. `nil` takes every known kind.
  package var format: String?

  package init(name: String, covers: [String] = [], every: Milliseconds? = nil, format: String? = nil) {
    self.name = name
    self.covers = covers
    self.every = every
    self.format = format
  }

  /// As configured; a mapping file is looked for below `root`.
  package init(_ configuration: SourceConfiguration, root: String = "") {
    var format = configuration.format
    if let path = format, InventorySource.isMapping(path), !path.hasPrefix("/"), !root.isEmpty {
      format = "\(root)/\(path)"
    }
    self.init(
      name: configuration.name.value, covers: configuration.covers, every: configuration.every, format: format)
  }

  fileprivate static func isMapping(_ format: String) -> Bool { format.hasSuffix(".yaml") || format.hasSuffix(".yml") }
}

/// One exported file.
package struct InventoryFile: Sendable {
  /// As the user would type it; a date in it (`2026-11-20`, `2026-11-20T06:00:00Z`) says when the export was made.
  package var path: String
  package var bytes: [UInt8]
  /// The time of the file's last change: when the export was made, where neither the export nor its path says so.
  package var modified: Instant?

  package init(path: String, bytes: [UInt8], modified: Instant? = nil) {
    self.path = path
    self.bytes = bytes
    self.modified = modified
  }
}

/// What one source shows.
package struct InventoryResult: Sendable {
  /// Sorted by principal, each once.
  package var identities: [IdentityFact]
  /// Sorted.
  package var signals: [SignalFact]
  /// Sorted.
  package var people: [PersonFact]
  package var coverage: SourceCoverage
  /// Sorted by place.
  package var diagnostics: [Diagnostic]
}

/// The names of the kinds of export that can be read, sorted.
package var inventoryFormats: [String] { InventoryFormat.all.map(\.name).sorted() }

/// Reads all files of one source. Files complete one another by principal; their order does not matter.
package func readInventory(_ source: InventorySource, files: [InventoryFile]) -> InventoryResult {
  var reading = InventoryReading(source: source)
  if let format = source.format, InventorySource.isMapping(format) {
    let (mapping, problems) = InventoryMappingDecoder.read(format)
    reading.diagnose(problems)
    // Without it nobody knows what the files say.
    guard let mapping else {
      for file in files { reading.leave(file) }
      return reading.finish()
    }
    reading.mapping = mapping
  } else if let format = source.format, !inventoryFormats.contains(format) {
    reading.diagnose(
      .invalid, .path("muster.yaml"), "`\(format)` is not a format of inventory sources",
      hint: suggestion(for: format, among: inventoryFormats))
  }
  let ordered = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  for file in ordered { reading.open(file) }
  reading.readParts()
  return reading.finish()
}
