import Base

/// What every kind of log needs to say what a record says: texts put together, times, calls, places.
struct EventKit: ~Copyable {
  private var scratch = Scratch()
  private var clock = EventClock()
  private var calls = CallNames()
  private var places = TextTable()
  /// Calls of AWS, by service and operation.
  private var trailCalls: [ExactText: Call] = [:]

  init() {}

  /// The number of different calls so far.
  var callCount: Int { calls.count }

  /// Forgets the texts that were put together.
  @inline(__always)
  mutating func restart() { scratch.reset() }

  /// The parts one after another; it lives until the next window.
  @inline(__always)
  mutating func join(
    _ a: RawText, _ b: RawText, _ c: RawText = .none, _ d: RawText = .none, _ e: RawText = .none
  ) -> RawText {
    scratch.join(a, b, c, d, e)
  }

  /// The text in lower case (ASCII), itself where it is so already.
  mutating func lowercased(_ text: RawText) -> RawText {
    text.bytes.contains { $0 &- 0x41 < 26 } ? scratch.lowercased(text) : text
  }

  /// Milliseconds since the epoch, of RFC 3339 text; `LogEvent.noTime` for anything else.
  @inline(__always)
  mutating func time(_ text: RawText) -> Int64 { clock.time(of: text) }

  /// As above, of seconds or milliseconds since the epoch, told apart by their size (seconds up to the year 5138), also with a
  /// fraction.
  mutating func epoch(_ text: RawText) -> Int64 {
    guard text.count > 0, text.count <= 30, let value = Double(text.string), value.isFinite, abs(value) < 1e15 else {
      return LogEvent.noTime
    }
    return Int64((abs(value) < 1e11 ? value * 1000 : value).rounded(.down))
  }

  /// The call that a service offers as an operation: its action is `<service>:<operation>`, which also is the permission that it
  /// needs unless another is named.
  @inline(__always)
  mutating func call(_ service: RawText, _ operation: RawText, permission: RawText = .none) -> Call {
    let action = service.isEmpty ? operation : scratch.join(service, ":", operation)
    return calls.call(service, operation, action, permission)
  }

  /// As above, where the action is called otherwise.
  mutating func call(_ service: RawText, _ operation: RawText, action: RawText, permission: RawText = .none) -> Call {
    calls.call(service, operation, action, permission)
  }

  /// The call that was made before for the action, which is the permission that it needs.
  @inline(__always)
  mutating func knownCall(_ action: RawText) -> Call? { calls.known(action) }

  /// The call of a service of AWS that is called by its host, as CloudTrail's own records tell it: `s3.amazonaws.com`, `HeadObject` is
  /// `s3:HeadObject`, which needs `s3:GetObject`.
  mutating func awsCall(_ host: RawText, _ operation: RawText) -> Call {
    let service = host.prefix(host.count - ".amazonaws.com".utf8.count)
    let action = join(service, ":", operation)
    let name = ExactText(action.string)
    if let known = trailCalls[name] { return known }
    var needed = TrailPermission.permission(service: service.string, operation: operation.string)
    let permission = needed.withUTF8 { bytes in
      join(RawText(start: UnsafeRawPointer(bytes.baseAddress), count: bytes.count), .none)
    }
    let call = calls.call(service, operation, action, permission == action ? .none : permission)
    trailCalls[name] = call
    return call
  }

  /// `<platform>:<account>`; empty without an account.
  @inline(__always)
  mutating func place(_ platform: StaticString, _ account: RawText) -> RawText {
    if account.isEmpty { return .none }
    let number = places.number(of: scratch.join(RawText(platform), ":", account))
    return places[number]
  }
}

extension LogEvent {
  /// Sets where the call came from: a literal address (without port, brackets or prefix length), else a host.
  mutating func locate(_ text: RawText) {
    if isIPv4(text) { return address = text }
    let bare = text.withoutPort
    if isLiteralAddress(bare) {
      address = bare
    } else {
      host = text
    }
  }

  /// Adds a resource; nothing where the text is empty.
  mutating func addResource(_ text: RawText) {
    if text.isEmpty { return }
    if resourceCount < resources.count { resources[resourceCount] = text } else { resources.append(text) }
    resourceCount += 1
  }

  /// Sets the outcome by a status of HTTP: from 400 on it failed, 401 and 403 were refused. Anything else says nothing.
  mutating func judge(http status: RawText) {
    self.status = status
    isOutcomeKnown = status.count == 3
    isFailed = isOutcomeKnown && status[0] >= UInt8(ascii: "4")
    isDenied = isFailed && (status.equals("401") || status.equals("403"))
  }
}

extension RawText {
  /// `10.0.0.1:443` and `[::1]:443` without their ports; other texts as they are.
  var withoutPort: RawText {
    guard count > 0, let colon = firstIndex(of: UInt8(ascii: ":")) else { return self }
    if self[0] == UInt8(ascii: "["), let end = firstIndex(of: UInt8(ascii: "]")) {
      return prefix(end).dropFirst(1)
    }
    let isOnly = dropFirst(colon + 1).firstIndex(of: UInt8(ascii: ":")) == nil
    return isOnly && firstIndex(of: UInt8(ascii: ".")) != nil ? prefix(colon) : self
  }
}
