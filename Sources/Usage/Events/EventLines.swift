package import Base
package import Model

/// What became of the files whose events were printed.
package struct EventListing: Sendable {
  /// In the order of the files.
  package var inputs: [InputFile]
  package var events: UInt64
  /// Of these, how many have no time that can be read: nothing else counts them.
  package var timeless: UInt64 = 0
  /// In the order of the files. `.unreadable` ones mean that the run is incomplete.
  package var diagnostics: [Diagnostic]
}

/// Prints the events of the files as JSON Lines with the keys of DESIGN.md §7, in the order of the files and of their records,
/// each delivery of an event anew. Absent values are left out.
///
/// The files are read twice: the session that issued a credential may stand behind the calls made with it. `write` gets whole lines;
/// where it gives false, no further file is read. `names` says how files are called where that is not their path.
package func writeEvents(
  of files: [String], format: String? = nil, names: [String: String] = [:], to write: @escaping ([UInt8]) -> Bool
) -> EventListing {
  let (formats, problems) = LogFormat.named(format)
  if formats.isEmpty { return EventListing(inputs: [], events: 0, diagnostics: problems) }
  var reading = FileReading(formats: formats)
  var parents = ParentSessions()
  for file in files { _ = reading.read(.whole(file), into: &parents) { _ in } }
  var listing = EventListing(inputs: [], events: 0, diagnostics: [])
  for file in files {
    var printer = EventPrinter(file: names[file] ?? file, parents: parents, write: write)
    let account = reading.read(.whole(file), into: &printer) { _ in }
    listing.inputs.append(account.input)
    listing.events += printer.count
    listing.diagnostics += account.diagnostics(tried: reading.tried)
    listing.timeless += printer.timeless
    if !printer.isWanted { break }
  }
  return listing
}
