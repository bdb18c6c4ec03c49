/// The calls seen so far, by source and name: what is known of a call is worked out once.
struct CallTable: ~Copyable {
  private struct Entry {
    var source: RawText
    var name: RawText
    var call: Call
    var service: TrailService
    var isGlobal: Bool
    var lifecycle: LifecycleChange.Kind?
  }

  private var entries: [Entry] = []
  private var slots: [UInt64]
  private var texts = TextTable()
  private var permissions = TextTable()
  private let seed = UInt64.random(in: .min ... .max)

  init() { slots = [UInt64](repeating: 0, count: 1024) }

  /// The number of permissions seen: `Call.number`s are smaller.
  var count: Int { permissions.count }

  func call(_ number: Int) -> Call { entries[number].call }
  func service(_ number: Int) -> TrailService { entries[number].service }
  func isGlobal(_ number: Int) -> Bool { entries[number].isGlobal }
  func lifecycle(_ number: Int) -> LifecycleChange.Kind? { entries[number].lifecycle }

  /// The call's number in this table.
  @inline(__always)
  mutating func number(source: RawText, name: RawText) -> Int {
    let hash = name.hash(seed: source.hash(seed: seed))
    let mask = slots.count - 1
    var at = Int(truncatingIfNeeded: hash) & mask
    // A slot holds the upper half of the hash and the entry's number plus one.
    while slots[at] != 0 {
      if slots[at] >> 32 == hash >> 32 {
        let number = Int(slots[at] & 0xFFFF_FFFF) - 1
        if entries[number].name == name && entries[number].source == source { return number }
      }
      at = (at + 1) & mask
    }
    return add(source, name, hash, at)
  }

  private mutating func add(_ source: RawText, _ name: RawText, _ hash: UInt64, _ slot: Int) -> Int {
    let number = entries.count
    entries.append(entry(source, name))
    slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(number + 1)
    if entries.count * 2 > slots.count { grow() }
    return number
  }

  private mutating func grow() {
    slots = [UInt64](repeating: 0, count: slots.count * 4)
    for (number, entry) in entries.enumerated() {
      let hash = entry.name.hash(seed: entry.source.hash(seed: seed))
      var at = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[at] != 0 { at = (at + 1) & (slots.count - 1) }
      slots[at] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(number + 1)
    }
  }

  private mutating func entry(_ source: RawText, _ name: RawText) -> Entry {
    let (sourceText, nameText) = (source.string, name.string)
    let host = sourceText.hasSuffix(".amazonaws.com") ? String(sourceText.dropLast(14)) : sourceText
    let permission = TrailPermission.permission(service: host, operation: nameText)
    var call = Call()
    call.number = Int(permissions.number(of: permission))
    call.service = texts.kept(host)
    call.operation = texts.kept(nameText)
    call.action = texts.kept("\(host):\(nameText)")
    call.permission = texts.kept(permission)
    return Entry(
      source: texts.kept(sourceText), name: call.operation, call: call, service: TrailService(host),
      isGlobal: TrailPermission.globalServices.contains(host), lifecycle: Self.lifecycle(host, nameText))
  }

  private static func lifecycle(_ service: String, _ operation: String) -> LifecycleChange.Kind? {
    guard service == "iam" else { return nil }
    switch operation {
    case "CreateAccessKey": return .created
    case "DeleteAccessKey": return .deleted
    // `status` says which.
    case "UpdateAccessKey": return .enabled
    default: return nil
    }
  }
}

/// `aws:<account>` for each account seen.
struct PlaceTable: ~Copyable {
  private var accounts = TextTable()
  private var places: [RawText] = []
  private var texts = TextTable()

  init() {}

  mutating func place(of account: RawText) -> RawText {
    if account.isEmpty { return .none }
    let number = Int(accounts.number(of: account))
    if number == places.count { places.append(texts.kept("aws:\(account.string)")) }
    return places[number]
  }
}
