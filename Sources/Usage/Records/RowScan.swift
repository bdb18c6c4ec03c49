/// Finds records in windows of a text and gives the fields that were asked for, each as one text.
protocol RowScan: AnyObject {
  func restart()
  /// As `LogReader.scan`.
  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int
  func passOver()
  var recordCount: Int { get }
  var faults: [RecordFault] { get }
  /// Where the record begins in the window; `nil` for one that was mended elsewhere.
  func begin(of record: Int) -> Int?
  /// Makes `values` and `items` those of the record; the record as it stands in the log.
  func load(_ record: Int) -> RawText
  /// One a field, in their order; of a list the first one.
  var values: UnsafeMutablePointer<RawText> { get }
  /// Values in lists.
  var items: UnsafeBufferPointer<JSONItem> { get }
}

extension JSONScan: RowScan {}
