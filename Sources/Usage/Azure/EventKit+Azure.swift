import Base

extension LogFormat {
  /// Azure's and Entra's logs, which one diagnostic setting may write into one stream.
  static let azure = LogFormat(
    "azure",
    family: [.entraSignIns, .microsoftGraph, .keyVault, .aksAudit, .aksAuditTable, .entraAudit, .azureActivity])
}

/// How Event Hubs and Microsoft Graph wrap lists.
let azureLists = ["value", "records"]

/// What Azure's and Entra's logs have in common.
extension EventKit {
  /// `entra:<tenant>/<kind>/<id>`, in lower case, for Azure writes ids in both; without the tenant where the log does not name it.
  mutating func entraPrincipal(_ kind: StaticString, _ id: RawText, tenant: RawText) -> RawText {
    if id.isEmpty { return .none }
    let id = lowercased(id)
    if tenant.isEmpty { return join("entra:", RawText(kind), "/", id) }
    let head = join("entra:", lowercased(tenant), "/")
    return join(head, RawText(kind), "/", id)
  }

  /// Sets account and place by a resource id: the subscription, else the tenant.
  mutating func placeOfAzure(_ resource: RawText, tenant: RawText, _ event: inout LogEvent) {
    let id = lowercased(resource)
    let subscription = id.dropPrefix("/subscriptions/")?.prefix(upTo: UInt8(ascii: "/")) ?? .none
    event.account = subscription.isEmpty ? lowercased(tenant) : subscription
    event.place = subscription.isEmpty ? place("entra", event.account) : place("azure", event.account)
  }

  /// Times of diagnostic settings, of the portal's exports (`4/14/2025 11:35:37 AM`, UTC) and of collectors.
  mutating func azureTime(_ text: RawText) -> Int64 {
    let time = time(text)
    return time == LogEvent.noTime ? AmericanTime.milliseconds(text) : time
  }
}

/// `4/14/2025 11:35:37 AM` in UTC.
private enum AmericanTime {
  static func milliseconds(_ text: RawText) -> Int64 {
    if text.count < 14 || text.count > 30 { return LogEvent.noTime }
    let words = text.bytes.split(separator: UInt8(ascii: " "))
    guard words.count == 3, let date = numbers(words[0], UInt8(ascii: "/")),
      let clock = numbers(words[1], UInt8(ascii: ":")),
      date[2] < 10_000, let day = Day(year: date[2], month: date[0], day: date[1]), (1...12).contains(clock[0]),
      (0...59).contains(clock[1]), (0...59).contains(clock[2])
    else { return LogEvent.noTime }
    let isAfternoon = words[2].elementsEqual("PM".utf8)
    if !isAfternoon && !words[2].elementsEqual("AM".utf8) { return LogEvent.noTime }
    let hour = clock[0] % 12 + (isAfternoon ? 12 : 0)
    return ((Int64(day.number) * 24 + Int64(hour)) * 60 + Int64(clock[1])) * 60_000 + Int64(clock[2]) * 1000
  }

  private static func numbers(_ text: Slice<UnsafeBufferPointer<UInt8>>, _ separator: UInt8) -> [Int]? {
    let parts = text.split(separator: separator).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    return parts.count == 3 ? parts : nil
  }
}
