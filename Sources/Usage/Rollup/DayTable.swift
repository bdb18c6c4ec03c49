/// What identities did on each day.
struct DayTable: ~Copyable {
  private var cells = CellTable<DayCell>(capacity: 16_384)
  /// By identity, the last day and the place of its cell: most events are of the same day as the one before.
  private var recent: [(day: Int32, place: Int32)] = []

  init() {}

  var memory: Int { cells.memory + recent.count * 8 }

  /// Counts an event of somebody.
  @inline(__always)
  mutating func add(_ event: UnsafePointer<WaitingEvents.Event>) {
    let identity = event.pointee.identity - 1
    let hour = event.pointee.time.flooredDivision(by: 3_600_000)
    let day = Int32(truncatingIfNeeded: hour.flooredDivision(by: 24))
    while recent.count <= Int(identity) { recent.append((0, -1)) }
    var place = Int(recent[Int(identity)].place)
    if place < 0 || recent[Int(identity)].day != day {
      place = cells.place(identity, UInt32(bitPattern: day), initial: DayCell(day: day))
      recent[Int(identity)] = (day, Int32(truncatingIfNeeded: place))
    }
    cells[place].count += 1
    if event.pointee.flags & Combinations.Flag.denied != 0 { cells[place].denied += 1 }
    cells[place].hours |= 1 << UInt32(truncatingIfNeeded: hour - Int64(day) * 24)
    if event.pointee.bytesIn > 0 { cells[place].bytesIn += UInt128(event.pointee.bytesIn) }
    if event.pointee.bytesOut > 0 { cells[place].bytesOut += UInt128(event.pointee.bytesOut) }
  }

  /// Hands each day to `give` with the number of its identity.
  borrowing func drain(_ give: (Int, DayCell) -> Void) {
    for place in 0..<cells.count { give(cells.cell(at: place).owner, cells[place]) }
  }
}
