import Base
import Documents
import Model

extension Reading where Value == OwnerReference {
  /// `team:NAME` or `person:NAME`.
  static var owner: Reading {
    Reading("an owner like team:payments or person:ana") { $0.text.flatMap { OwnerReference($0) } }
  }
}

extension Reading where Value == PrincipalKey {
  /// A platform's own name: an ARN, a SPIFFE id, or `<platform>:<path>`.
  static var principal: Reading {
    Reading("a principal like arn:aws:iam::111122223333:role/name") { node in
      guard let text = node.text, text.contains(":"), !text.contains(where: \.isWhitespace) else { return nil }
      return PrincipalKey(text)
    }
  }
}

extension Reading where Value == UInt64 {
  /// A number of bytes: `5GiB`, `500MB`, `1024`.
  static var size: Reading {
    Reading("a size like 5GiB or 500MB") { node in
      guard let text = node.text else { return nil }
      let digits = text.prefix { $0.isASCII && $0.isNumber }
      let units: [String: UInt64] = [
        "": 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
      ]
      guard let number = UInt64(digits), let unit = units[String(text.dropFirst(digits.count))] else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: unit)
      return overflow ? nil : product
    }
  }
}

extension Reading where Value == String {
  /// A network in CIDR notation.
  static var network: Reading {
    Reading("a network like 10.20.0.0/16") { node in node.text.flatMap { isNetwork($0) ? $0 : nil } }
  }

  private static func isNetwork(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let bits = UInt8(parts[1]) else { return false }
    if parts[0].contains(":") {
      let groups = parts[0].split(separator: ":", omittingEmptySubsequences: false)
      return bits <= 128 && groups.count <= 8 && groups.allSatisfy { $0.count <= 4 && $0.allSatisfy(\.isHexDigit) }
    }
    let octets = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    return bits <= 32 && octets.count == 4 && octets.allSatisfy { UInt8($0) != nil }
  }
}

extension Reading where Value == Schedule {
  /// Days, hours and zone.
  static var schedule: Reading {
    .mapping("schedule", keys: FieldTable.schedule.map(\.name)) { reader in
      let place = reader.node.location
      var days: Set<Int> = []
      for entry in reader.optional("days", .list(of: .text))?.value ?? [] {
        if let some = weekdays(entry.value) {
          days.formUnion(some)
        } else {
          reader.add("expected days like mon-fri or sat, found '\(entry.value)'", at: entry.location)
        }
      }
      let hours = reader.optional("hours", .hours)?.value ?? (0, 1440)
      let name = reader.optional("zone", .text) ?? Located("UTC", at: place)
      guard let zone = TimeZone(name.value) else {
        reader.add(
          "there is no time zone '\(name.value)'", at: name.location, hint: "use an IANA name such as Europe/Zurich")
        return nil
      }
      return Schedule(
        days: days.isEmpty ? Set(0..<7) : days, from: hours.0, to: hours.1, zone: zone, location: place)
    }
  }

  private static func weekdays(_ text: String) -> [Int]? {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    let ends = text.lowercased().split(separator: "-").map { String($0) }
    let numbers = ends.compactMap { names.firstIndex(of: $0) }
    guard numbers.count == ends.count, (1...2).contains(numbers.count) else { return nil }
    guard numbers.count == 2 else { return numbers }
    let span = (numbers[1] - numbers[0] + 7) % 7
    return (0...span).map { (numbers[0] + $0) % 7 }
  }
}

extension Reading where Value == (Int, Int) {
  /// `06:00-20:00` in minutes of the day; `24:00` is the end of it.
  static var hours: Reading {
    Reading("hours like 06:00-20:00") { node in
      guard let text = node.text else { return nil }
      let ends = text.split(separator: "-").compactMap { minute($0) }
      return ends.count == 2 && ends[0] != ends[1] && ends[0] < 1440 ? (ends[0], ends[1]) : nil
    }
  }

  private static func minute(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).compactMap { UInt16($0).map { Int($0) } }
    guard parts.count == 2, parts[1] < 60, parts[0] * 60 + parts[1] <= 1440 else { return nil }
    return parts[0] * 60 + parts[1]
  }
}
