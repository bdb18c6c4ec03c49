import Base

/// Reads a log as a mapping file says.
final class MappedReader: LogReader {
  private let mapping: Mapping
  private let rows: any RowScan
  private var kit = EventKit()
  private var clock = AccessClock()
  private var texts = TextTable()

  init(_ mapping: Mapping) {
    self.mapping = mapping
    switch mapping.records {
    case .csv: rows = CSVScan(columns: mapping.places, separator: mapping.separator)
    case .json:
      let places = mapping.places.enumerated().flatMap { number, alternatives in
        alternatives.split(separator: "|").map { JSONScan.Place(place: String($0), field: number, need: .caller) }
      }
      rows = JSONScan(places, fields: mapping.places.count, lists: mapping.lists)
    }
  }

  func restart() { rows.restart() }

  func scan(_ window: UnsafeMutablePointer<UInt8>, count: Int, isLast: Bool) -> Int {
    kit.restart()
    return rows.scan(window, count: count, isLast: isLast)
  }

  func passOver() { rows.passOver() }

  var recordCount: Int { rows.recordCount }
  var callCount: Int { kit.callCount }
  var faults: [RecordFault] { rows.faults }

  func normalise(_ record: Int, into event: inout LogEvent) -> Fate {
    event.clear()
    event.record = rows.load(record)
    for condition in mapping.when where !holds(condition) { return .foreign }
    if !mapping.skip.isEmpty && mapping.skip.allSatisfy({ holds($0) }) { return .filtered }
    for (target, template) in mapping.templates { set(target, text(template), &event) }
    if event.call.action.isEmpty { return mapping.when.isEmpty ? .foreign : .unreadable("the record has no action") }
    for template in mapping.resources { addResources(template, &event) }
    if let outcome = mapping.outcome { judge(outcome, &event) } else { event.isOutcomeKnown = false }
    return .event
  }

  private func value(_ field: Int) -> RawText { rows.values[field] }

  private func holds(_ condition: Mapping.Condition) -> Bool {
    let value = value(condition.field)
    return !value.isEmpty && condition.pattern.matches(value.string)
  }

  /// The template filled in; empty where a field of it is.
  private func text(_ template: Template, item: JSONItem? = nil) -> RawText {
    var made = RawText.none
    for part in template.parts {
      switch part {
      case .text(let text): made = made.isEmpty ? texts.kept(text) : kit.join(made, texts.kept(text))
      case .field(let field):
        let value = item.map { $0.field == field ? $0.text : self.value(field) } ?? value(field)
        if value.isEmpty { return .none }
        made = made.isEmpty ? value : kit.join(made, value)
      }
    }
    return made
  }

  /// One resource, or one for each value of a list.
  private func addResources(_ template: Template, _ event: inout LogEvent) {
    let fields = template.parts.compactMap { part -> Int? in
      if case .field(let field) = part { field } else { nil }
    }
    let listed = rows.items.filter { item in fields.contains(item.field) }
    if listed.isEmpty { return event.addResource(text(template)) }
    for item in listed { event.addResource(text(template, item: item)) }
  }

  private func set(_ target: Mapping.Target, _ text: RawText, _ event: inout LogEvent) {
    if text.isEmpty { return }
    switch target {
    case .time: event.time = time(text)
    case .id: event.id = text
    case .identity: event.identity = text
    case .name: event.userName = text
    case .kind: event.identityType = text
    case .action: event.call = call(text, event.call.permission)
    case .permission: event.call = call(event.call.action, text)
    case .credential: event.credential = text
    case .session: event.session = text
    case .sessionIssuer: event.sessionIssuer = text
    case .issuedCredential: event.issuedCredential = text
    case .issuedSession: event.issuedSession = text
    case .invokedBy: event.invokedBy = text
    case .address: event.locate(text)
    case .agent: event.agent = text
    case .region: (event.region, event.regionTerm) = (text, text)
    case .account: event.account = text
    case .place: event.place = text
    case .bytesIn: event.bytesIn = count(text)
    case .bytesOut: event.bytesOut = count(text)
    }
  }

  private func call(_ action: RawText, _ permission: RawText) -> Call {
    guard let colon = action.firstIndex(of: UInt8(ascii: ":")) else {
      return kit.call("", action, action: action, permission: permission)
    }
    return kit.call(action.prefix(colon), action.dropFirst(colon + 1), action: action, permission: permission)
  }

  /// RFC 3339, seconds or milliseconds since the epoch, or as web servers write it.
  private func time(_ text: RawText) -> Int64 {
    if !mapping.zone.isEmpty {
      // What has a zone already is no time with a second one.
      let time = kit.time(kit.join(text, texts.kept(mapping.zone)))
      if time != LogEvent.noTime { return time }
    }
    let time = kit.time(text)
    if time != LogEvent.noTime { return time }
    let other = clock.time(text)
    return other != LogEvent.noTime ? other : kit.epoch(text)
  }

  private func judge(_ outcome: Mapping.Outcome, _ event: inout LogEvent) {
    let status = value(outcome.field)
    if outcome.success.isEmpty {
      event.judge(http: status)
    } else {
      event.status = status
      event.isOutcomeKnown = !status.isEmpty
      event.isFailed = event.isOutcomeKnown && !outcome.success.contains { $0.matches(status.string) }
    }
    if !status.isEmpty, outcome.denied.contains(where: { $0.matches(status.string) }) {
      (event.isFailed, event.isDenied) = (true, true)
    }
  }
}
