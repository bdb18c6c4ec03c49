package import Base

/// An instant with nanoseconds, between the years 1 and 9999 (CEL specification, "Timestamps and Durations").
package struct Timestamp: Hashable, Sendable, Comparable {
  /// Seconds since 1970-01-01T00:00:00Z.
  package let seconds: Int64
  /// 0 to 999,999,999.
  package let nanos: Int32

  static let earliest: Int64 = -62_135_596_800
  static let latest: Int64 = 253_402_300_799

  /// `nil` outside the years 1 to 9999.
  package init?(seconds: Int64, nanos: Int32 = 0) {
    guard seconds >= Timestamp.earliest, seconds <= Timestamp.latest, nanos >= 0, nanos < 1_000_000_000 else {
      return nil
    }
    self.seconds = seconds
    self.nanos = nanos
  }

  /// The instant, moved to the nearest end where it lies outside the years 1 to 9999.
  package init(_ instant: Instant) {
    let seconds = instant.milliseconds.flooring(by: 1000)
    let inside = min(max(seconds, Timestamp.earliest), Timestamp.latest)
    self.seconds = inside
    nanos = inside == seconds ? Int32((instant.milliseconds - seconds * 1000) * 1_000_000) : 0
  }

  /// Cut to milliseconds.
  package var instant: Instant { Instant(milliseconds: seconds * 1000 + Int64(nanos) / 1_000_000) }

  /// Earlier is less.
  package static func < (a: Timestamp, b: Timestamp) -> Bool {
    a.seconds != b.seconds ? a.seconds < b.seconds : a.nanos < b.nanos
  }

  /// `nil` when the sum leaves the years 1 to 9999.
  func advanced(by span: TimeSpan) -> Timestamp? {
    let whole = span.nanoseconds.flooring(by: 1_000_000_000)
    let rest = Int64(nanos) + span.nanoseconds - whole * 1_000_000_000
    return Timestamp(seconds: seconds + whole + rest / 1_000_000_000, nanos: Int32(rest % 1_000_000_000))
  }

  /// `nil` when the difference is more than 292 years.
  func since(_ other: Timestamp) -> TimeSpan? {
    let (whole, overflow) = (seconds - other.seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflow2) = whole.addingReportingOverflow(Int64(nanos) - Int64(other.nanos))
    return overflow || overflow2 ? nil : TimeSpan(nanoseconds: sum)
  }
}

/// A length of time in nanoseconds, at most 292 years either way.
package struct TimeSpan: Hashable, Sendable, Comparable {
  /// Negative when it goes back.
  package let nanoseconds: Int64

  /// So many nanoseconds.
  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Saturates at 292 years.
  package init(_ span: Milliseconds) {
    let (product, overflow) = span.count.multipliedReportingOverflow(by: 1_000_000)
    nanoseconds = overflow ? (span.count > 0 ? .max : .min) : product
  }

  /// Shorter is less.
  package static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.nanoseconds < b.nanoseconds }
}

extension Value {
  /// A timestamp of Base's kind.
  package static func instant(_ instant: Instant) -> Value { .timestamp(Timestamp(instant)) }

  /// A duration of Base's kind.
  package static func span(_ span: Milliseconds) -> Value { .duration(TimeSpan(span)) }
}

extension Int64 {
  func flooring(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
