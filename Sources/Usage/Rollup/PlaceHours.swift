import Base
import Model

/// In which hours a source had events of one place.
struct PlaceHours: Sendable {
  /// A day since the epoch, and a bit for each of its hours with events.
  struct Day: BitwiseCopyable {
    var number: Int32
    var hours: UInt32
  }

  /// Sorted, each once.
  private(set) var days: [Day]

  /// Of days that are sorted, each once.
  init(_ days: [Day]) { self.days = days }

  /// The hours, counted from the epoch; sorted.
  var numbers: [Int64] {
    days.flatMap { day in (0..<24).lazy.filter { day.hours >> $0 & 1 == 1 }.map { Int64(day.number) * 24 + $0 } }
  }

  /// What a source shows of the place whose events have these hours. Where the source as a whole was silent, so was the place; it had
  /// events up to the hour `end`.
  func coverage(of name: String, explained: [SourceRhythm.Silence], end: Int64) -> PlaceCoverage {
    let numbers = numbers
    func start(_ hour: Int64) -> Instant { Instant(milliseconds: hour * 3_600_000) }
    var coverage = PlaceCoverage(name: name, first: numbers.first.map(start), last: numbers.last.map(start))
    let rhythm = SourceRhythm(numbers, explained: explained)
    // Its last silence lasts as long as others speak.
    let isDark = rhythm.isUnlike(silentUpTo: end)
    let silences = rhythm.gaps + (isDark ? numbers.last.map { [($0, end)] } ?? [] : [])
    let pauses = zip(numbers, numbers.dropFirst()).filter { before, after in
      after - before > 1 && !explained.contains { before <= $0.before && $0.after <= after }
    }
    let longest = Self.secondLongest(pauses.map { $1 - $0 })
    coverage.gaps = silences.filter { $0.after - $0.before > 2 * longest }.map {
      Gap(from: start($0.before + 1), to: start($0.after))
    }
    return coverage
  }

  /// One outage is no rhythm; bursts, weekends and ends of months are.
  private static func secondLongest(_ pauses: [Int64]) -> Int64 {
    var (longest, second) = (Int64(0), Int64(0))
    for pause in pauses {
      if pause > longest { (longest, second) = (pause, longest) } else { second = max(second, pause) }
    }
    return second
  }

  mutating func merge(_ other: PlaceHours) {
    if days.isEmpty { return self = other }
    var sum: [Day] = []
    sum.reserveCapacity(max(days.count, other.days.count))
    var (a, b) = (days[...], other.days[...])
    while let left = a.first, let right = b.first {
      if left.number == right.number {
        sum.append(Day(number: left.number, hours: left.hours | right.hours))
        a.removeFirst()
        b.removeFirst()
      } else {
        sum.append(left.number < right.number ? a.removeFirst() : b.removeFirst())
      }
    }
    days = sum + a + b
  }

  func write(to out: inout PartWriter) {
    out.number(days.count)
    var last = Int64(0)
    for day in days {
      out.signed(Int64(day.number) - last)
      out.number(UInt64(day.hours))
      last = Int64(day.number)
    }
  }

  init(from part: inout PartReader) throws(PartError) {
    days = []
    let count = try part.length(ofEach: 2)
    days.reserveCapacity(count)
    for _ in 0..<count {
      let (sum, over) = Int64(days.last?.number ?? 0).addingReportingOverflow(try part.signed())
      guard !over, let number = Int32(exactly: sum), days.last.map({ $0.number < number }) ?? true else {
        throw part.broken("days of a place are not in their order")
      }
      let hours = UInt32(try part.number(below: 1 << 24, "a set of hours"))
      if hours == 0 { throw part.broken("a day of a place has no hours") }
      days.append(Day(number: number, hours: hours))
    }
    if days.isEmpty { throw part.broken("a place has no days") }
  }
}

/// In which hours a source had events of each place.
struct SeenPlaces: ~Copyable {
  private var days = CellTable<UInt32>()
  /// Most events are of the same place and hour as the one before.
  private var last: (place: UInt32, hour: Int64) = (.max, 0)

  init() {}

  var memory: Int { days.memory }

  @inline(__always)
  mutating func add(_ place: UInt32, at time: Int64) {
    let hour = time.flooredDivision(by: 3_600_000)
    if place != last.place || hour != last.hour { note(place, hour) }
  }

  private mutating func note(_ place: UInt32, _ hour: Int64) {
    last = (place, hour)
    let day = hour.flooredDivision(by: 24)
    let cell = days.place(place, UInt32(bitPattern: Int32(clamping: day)), initial: 0)
    days[cell] |= 1 << UInt32(truncatingIfNeeded: hour - day * 24)
  }

  /// By the names of the places.
  func drained(_ texts: borrowing TextTable) -> [ExactText: PlaceHours] {
    var byPlace: [UInt32: [PlaceHours.Day]] = [:]
    for number in 0..<days.count {
      let cell = days.cell(at: number)
      let day = PlaceHours.Day(number: Int32(bitPattern: cell.term), hours: cell.value)
      byPlace[UInt32(cell.owner), default: []].append(day)
    }
    var byName: [ExactText: PlaceHours] = [:]
    for (place, days) in byPlace {
      let hours = PlaceHours(days.sorted { $0.number < $1.number })
      // Names that are no UTF-8 may be mended to the same.
      byName[ExactText(texts[place].string), default: PlaceHours([])].merge(hours)
    }
    return byName
  }
}
