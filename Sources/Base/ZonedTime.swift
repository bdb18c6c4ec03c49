private import CCCTZ

/// A time zone of the IANA database, read from the system's files.
package struct TimeZone: Sendable, Hashable, CustomStringConvertible {
  /// The IANA name: `Europe/Zurich`, `UTC`.
  package let description: String

  /// `nil` where the system's database has no such zone.
  package init?(_ name: String) {
    guard muster_zone_exists(name) != 0 else { return nil }
    description = name
  }

  /// Local minus UTC at the instant, in milliseconds, daylight saving included.
  package func offset(at instant: Instant) -> Milliseconds {
    let seconds = instant.milliseconds.flooredQuotient(by: 1000)
    return Milliseconds(Int64(muster_zone_offset(description, seconds)) * 1000)
  }
}
