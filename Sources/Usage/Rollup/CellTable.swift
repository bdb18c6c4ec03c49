/// Values by a pair of small numbers, in the order of arrival.
struct CellTable<Value: BitwiseCopyable>: ~Copyable {
  struct Cell: BitwiseCopyable {
    let key: UInt64
    var value: Value

    /// The pair's first number.
    var owner: Int { Int(key >> 32) }
    /// The pair's second number.
    var term: UInt32 { UInt32(truncatingIfNeeded: key) }
  }

  /// Number of the cell plus one; 0 for a free slot. A power of two of them.
  private var slots: UnsafeMutableBufferPointer<UInt32>
  private var cells: UnsafeMutableBufferPointer<Cell>
  private(set) var count = 0

  init(capacity: Int = 64) {
    slots = Slab.make(capacity * 2, of: UInt32.self)
    cells = Slab.make(capacity, of: Cell.self)
  }

  deinit {
    Slab.release(cells)
    Slab.release(slots)
  }

  /// Bytes that the table holds.
  var memory: Int { slots.count * 4 + cells.count * MemoryLayout<Cell>.stride }

  /// The place of the pair's cell, which is made from `initial` where there is none.
  @inline(__always)
  mutating func place(_ owner: UInt32, _ term: UInt32, initial: @autoclosure () -> Value) -> Int {
    let key = UInt64(owner) << 32 | UInt64(term)
    var at = slot(of: key)
    while true {
      let number = slots[at]
      if number == 0 { break }
      if cells[Int(number) - 1].key == key { return Int(number) - 1 }
      at = (at + 1) & (slots.count - 1)
    }
    if count == cells.count { growCells() }
    cells.initializeElement(at: count, to: Cell(key: key, value: initial()))
    count += 1
    slots[at] = UInt32(count)
    if count * 2 > slots.count { growSlots() }
    return count - 1
  }

  /// The value at a place.
  @inline(__always)
  subscript(place: Int) -> Value {
    get { cells[place].value }
    _modify { yield &cells[place].value }
  }

  /// The cell at a place.
  @inline(__always)
  func cell(at place: Int) -> Cell { cells[place] }

  @inline(__always)
  private func slot(of key: UInt64) -> Int {
    Int(truncatingIfNeeded: folded(key, 0x9E37_79B9_7F4A_7C15)) & (slots.count - 1)
  }

  private mutating func growCells() {
    cells = Slab.grow(cells, to: cells.count * 2)
  }

  private mutating func growSlots() {
    let count = slots.count * 2
    Slab.release(slots)
    slots = Slab.make(count, of: UInt32.self)
    for index in 0..<self.count {
      var at = slot(of: cells[index].key)
      while slots[at] != 0 { at = (at + 1) & (slots.count - 1) }
      slots[at] = UInt32(index + 1)
    }
  }
}
