/// The calls seen so far, by action and permission; their texts live as long as the table.
struct CallNames: ~Copyable {
  private var actions = TextTable()
  private var permissions = TextTable()
  private var texts = TextTable()
  private var calls: [Call] = []
  /// Numbers of calls by the numbers of action and permission; of those whose permission is the action, by that, plus one.
  private var numbers: [UInt64: Int] = [:]
  private var plain: [Int] = []

  init() {}

  /// The number of permissions seen: `Call.number`s are smaller.
  var count: Int { permissions.count }

  /// The call that has the action for its permission, if it was seen.
  @inline(__always)
  mutating func known(_ action: RawText) -> Call? {
    let needed = Int(permissions.number(of: action))
    return needed < plain.count && plain[needed] > 0 ? calls[plain[needed] - 1] : nil
  }

  /// The call; the action is the permission that it needs where none is named.
  @inline(__always)
  mutating func call(_ service: RawText, _ operation: RawText, _ action: RawText, _ permission: RawText) -> Call {
    let needed = permissions.number(of: permission.isEmpty ? action : permission)
    if permission.isEmpty {
      while plain.count <= Int(needed) { plain.append(0) }
      if plain[Int(needed)] > 0 { return calls[plain[Int(needed)] - 1] }
      plain[Int(needed)] = calls.count + 1
    } else {
      let key = UInt64(actions.number(of: action)) << 32 | UInt64(needed)
      if let number = numbers[key] { return calls[number] }
      numbers[key] = calls.count
    }
    var call = Call()
    call.number = Int(needed)
    call.service = texts.kept(service.string)
    call.operation = texts.kept(operation.string)
    call.action = texts.kept(action.string)
    call.permission = texts.kept((permission.isEmpty ? action : permission).string)
    calls.append(call)
    return call
  }
}
