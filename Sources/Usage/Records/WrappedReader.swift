extension LogFormat {
  /// Records of other kinds of log inside of what collectors, queues and searches make of them, as text or as they are: answers of
  /// `aws cloudtrail lookup-events` and `aws logs filter-log-events`, CloudWatch subscriptions, CloudTrail Lake, SNS and SQS, Pub/Sub,
  /// Elasticsearch, Splunk, Beats, Vector, Datadog. Asked last: what a kind of log opens itself, with what the wrapping says of it, is its
  /// own.
  static let wrapped = LogFormat(name: "wrapped", mark: object) { WrappedReader(of: LogFormat.alone) }
}

/// Reads what one place of each record holds as a record of its own, by whichever reader knows it.
private final class WrappedReader: LogReader {
  /// Where the record may stand. The places that only one collector has come first.
  private static let places = [
    "CloudTrailEvent", "eventJson", "_source", "result/_raw", "_raw", "event/original", "content/attributes",
    "message/data", "result", "event", "@message", "message", "Message", "Body", "log",
  ]
  private static let lists = [
    "Events", "logEvents", "events", "results", "records", "Records", "Messages", "receivedMessages", "value",
    "hits/hits", "QueryResultRows/*",
  ]
  /// CloudWatch asks now and then whether a destination is there.
  private static let control = ["//messageType", "messageType"]
  /// A notification in a queue is wrapped twice.
  private static let mostWrappings = 3

  /// What is found at one depth: the record that was wrapped, and in it, what it wraps itself.
  private struct Layer {
    let rows: JSONScan
    /// The text that is being read, with the room behind it that readers of JSON need.
    var room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
  }

  private let formats: [LogFormat]
  private lazy var members: [(isObject: Bool, reader: any LogReader)] = formats.map {
    ($0.mark == LogFormat.object, $0.makeReader())
  }
  private var layers: [Layer] = []
  /// So many readings are tried for a record: what is hostile has every place.
  private static let mostTries = 256
  private var tries = 0
  /// Place and member of the record before.
  private var last = (place: 0, member: 0)

  init(of formats: [LogFormat]) {
    self.formats = formats
    addLayer()
  }

  deinit {
    for layer in layers { layer.room.deallocate() }
  }

  private func addLayer() {
    let all = Self.places + Self.control
    let fields = all.enumerated().map { number, place in
      JSONScan.Place(place: place, field: min(number, Self.places.count), need: .any)
    }
    layers.append(Layer(rows: JSONScan(fields, fields: Self.places.count + 1, lists: Self.lists)))
  }

  func restart() { layers[0].rows.restart() }
  func passOver() { layers[0].rows.passOver() }

  var recordCount: Int { layers[0].rows.recordCount }
  var faults: [RecordFault] { layers[0].rows.faults }
  var callCount: Int { (members.map(\.reader.callCount).max() ?? 0) * members.count }
  /// All records are read in one room.
  var isShortLived: Bool { true }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    layers[0].rows.scan(window, count: count, isLast: isLast)
  }

  func normalise(_ record: Int, into event: inout LogEvent) -> Fate {
    let row = layers[0].rows.load(record)
    tries = 0
    let fate = open(0, &event)
    if case .event = fate {} else { event.clear() }
    event.record = row
    return fate
  }

  /// Reads what the loaded record of the layer wraps.
  private func open(_ depth: Int, _ event: inout LogEvent) -> Fate {
    let values = layers[depth].rows.values
    if values[Self.places.count].equals("CONTROL_MESSAGE") { return .aside }
    if values[last.place].count > 1, let fate = read(last.place, depth, by: last.member, &event) { return fate }
    var best: Fate?
    for place in Self.places.indices where values[place].count > 1 {
      for member in members.indices {
        guard let fate = read(place, depth, by: member, &event) else { continue }
        if case .unreadable = fate {
          best = best ?? fate
          continue
        }
        last = (place, member)
        return fate
      }
    }
    return best ?? openAgain(depth, &event)
  }

  /// What the member says of the text at the place; `nil` where it is none of its records.
  private func read(_ place: Int, _ depth: Int, by member: Int, _ event: inout LogEvent) -> Fate? {
    guard tries < Self.mostTries, let text = copy(place, depth), text.isObject == members[member].isObject else {
      return nil
    }
    tries += 1
    let reader = members[member].reader
    reader.restart()
    _ = reader.scan(text.start, count: text.count, isLast: true)
    guard reader.faults.isEmpty, reader.recordCount > 0 else { return nil }
    event.clear()
    let fate = reader.normalise(0, into: &event)
    if case .foreign = fate { return nil }
    if reader.recordCount > 1 { return .unreadable("what the record wraps is several records") }
    // Each member numbers calls in its own way.
    event.call.number = event.call.number * members.count + member
    return fate
  }

  /// What is wrapped may be a wrapping itself.
  private func openAgain(_ depth: Int, _ event: inout LogEvent) -> Fate {
    if depth + 1 == Self.mostWrappings { return .foreign }
    for place in Self.places.indices {
      guard let text = copy(place, depth), text.isObject else { continue }
      if layers.count == depth + 1 { addLayer() }
      let rows = layers[depth + 1].rows
      rows.restart()
      _ = rows.scan(text.start, count: text.count, isLast: true)
      guard rows.recordCount == 1, rows.faults.isEmpty else { continue }
      _ = rows.load(0)
      let fate = open(depth + 1, &event)
      if case .foreign = fate { continue }
      return fate
    }
    return .foreign
  }

  /// The text at the place, where readers may write behind it; `nil` where there is none that could be a record.
  private func copy(
    _ place: Int, _ depth: Int
  ) -> (start: UnsafeMutablePointer<UInt8>, count: Int, isObject: Bool)? {
    let text = layers[depth].rows.values[place]
    if text.count < 2 || text[0] == UInt8(ascii: "[") { return nil }
    if layers[depth].room.count < text.count + 64 {
      layers[depth].room.deallocate()
      layers[depth].room = .allocate(capacity: 2 * (text.count + 64))
    }
    let room = layers[depth].room
    guard let start = room.baseAddress else { return nil }
    // `{"`, `{ ` and `{` with a line feed, as Pub/Sub has them.
    if text.hasPrefix("ey") || text.hasPrefix("ew"), let count = decodeBase64(text, into: room) {
      return (start, count, true)
    }
    _ = room.update(fromContentsOf: text.bytes)
    let first = text.bytes.first { $0 > 0x20 }
    return (start, text.count, first == LogFormat.object)
  }
}

/// Decodes Base64 (RFC 4648 §4, §5) to the beginning of the room; the number of bytes, `nil` for what is none.
private func decodeBase64(_ text: RawText, into room: UnsafeMutableBufferPointer<UInt8>) -> Int? {
  var (bits, held, count) = (UInt32(0), 0, 0)
  for byte in text.bytes {
    let value: UInt8
    switch byte {
    case 0x41...0x5A: value = byte - 0x41
    case 0x61...0x7A: value = byte - 0x61 + 26
    case 0x30...0x39: value = byte - 0x30 + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
    case UInt8(ascii: "="), 0x0A, 0x0D: continue
    default: return nil
    }
    bits = bits << 6 | UInt32(value)
    held += 6
    if held >= 8 {
      held -= 8
      room[count] = UInt8(truncatingIfNeeded: bits >> UInt32(held))
      count += 1
    }
  }
  return count
}
