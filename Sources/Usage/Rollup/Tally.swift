/// Counts over distinct events, with first and last instants in milliseconds. Sums, least and greatest: merging is commutative
/// and associative.
struct Tally {
  var count: UInt64 = 0
  var failed: UInt64 = 0
  var denied: UInt64 = 0
  var first = Int64.max
  var last = Int64.min
  /// `Int64.min` where nothing succeeded.
  var lastSuccess = Int64.min

  @inline(__always)
  mutating func add(time: Int64, isFailed: Bool, isDenied: Bool) {
    count += 1
    if time < first { first = time }
    if time > last { last = time }
    if isFailed {
      failed += 1
      if isDenied { denied += 1 }
    } else if time > lastSuccess {
      lastSuccess = time
    }
  }
}
