/// Places and parts of text (the strings extension).
enum StringParts {
  static let functions: [Function] = [
    Function("charAt", "The code point at a place, as text", [member([.string, .int], .string)], .binary(charAt)),
    Function(
      "indexOf", "The place of the first occurrence, -1 where there is none",
      [
        member([.string, .string], .int), member([.string, .string, .int], .int),
        member([listOfA, typeA], .int),
      ],
      .binary { text, part in
        if case .list(let elements) = text { return ListLibrary.place(elements.firstIndex { $0.isEqual(to: part) }) }
        return indexOf(text, part, .int(0))
      }, .ternary(indexOf)),
    Function(
      "lastIndexOf", "The place of the last occurrence, -1 where there is none",
      [
        member([.string, .string], .int), member([.string, .string, .int], .int),
        member([listOfA, typeA], .int),
      ],
      .binary { text, part in
        if case .list(let elements) = text { return ListLibrary.place(elements.lastIndex { $0.isEqual(to: part) }) }
        return lastIndexOf(text, part, nil)
      }, .ternary { lastIndexOf($0, $1, $2) }),
    Function(
      "replace", "The text with occurrences replaced; a fourth argument limits how many",
      [member([.string, .string, .string], .string), member([.string, .string, .string, .int], .string)],
      .any { $0.count == 3 || $0.count == 4 ? replace($0) : nil }),
    Function(
      "split", "The parts between separators; a second argument limits how many",
      [member([.string, .string], .list(.string)), member([.string, .string, .int], .list(.string))],
      .binary { split($0, $1, .int(-1)) }, .ternary(split)),
    Function(
      "substring", "The code points from a place, up to another",
      [member([.string, .int], .string), member([.string, .int, .int], .string)],
      .binary { substring($0, $1, nil) }, .ternary { substring($0, $1, $2) }),
    Function(
      "join", "The texts one after the other, with a separator",
      [member([.list(.string)], .string), member([.list(.string), .string], .string)],
      .unary { join($0, .string("")) }, .binary(join)),
  ]

  private static func member(_ parameters: [CELType], _ result: CELType) -> Overload {
    Overload(member: true, parameters, result)
  }

  private static func outOfRange(_ place: Int64) -> Value { .failure("index out of range: \(place)") }

  @Sendable private static func charAt(_ text: Value, _ place: Value) -> Value? {
    guard case .string(let text) = text, case .int(let place) = place else { return nil }
    let scalars = text.unicodeScalars
    guard place >= 0, place <= scalars.count else { return outOfRange(place) }
    return .string(scalars.dropFirst(Int(place)).first.map { String($0) } ?? "")
  }

  @Sendable private static func indexOf(_ text: Value, _ part: Value, _ from: Value) -> Value? {
    guard case .string(let text) = text, case .string(let part) = part, case .int(let from) = from else { return nil }
    let scalars = Array(text.unicodeScalars)
    // The suite wants an error where the reference implementation gives -1.
    if from < 0 || from > scalars.count { return outOfRange(from) }
    if part.isEmpty { return .int(from) }
    return ListLibrary.place(StringSearch.find(Array(part.unicodeScalars)[...], in: scalars[Int(from)...]))
  }

  @Sendable private static func lastIndexOf(_ text: Value, _ part: Value, _ from: Value?) -> Value? {
    guard case .string(let text) = text, case .string(let part) = part else { return nil }
    let scalars = Array(text.unicodeScalars)
    var latest = Int64(scalars.count)
    if let from {
      guard case .int(let place) = from else { return nil }
      if place < 0 || place > latest { return outOfRange(place) }
      latest = place
    }
    if part.isEmpty { return .int(latest) }
    let found = StringSearch.findLast(Array(part.unicodeScalars), in: scalars, latest: Int(latest))
    return ListLibrary.place(found)
  }

  @Sendable private static func replace(_ arguments: [Value]) -> Value? {
    guard case .string(let text) = arguments[0], case .string(let old) = arguments[1],
      case .string(let new) = arguments[2]
    else { return nil }
    var limit: Int64 = -1
    if arguments.count == 4 {
      guard case .int(let count) = arguments[3] else { return nil }
      limit = count
    }
    let clamped = Int(min(limit, Int64(Limits.bytes) * 2))
    return StringSearch.replace(text, old, new, limit: clamped).map { .string($0) } ?? Limits.tooLong
  }

  @Sendable private static func split(_ text: Value, _ separator: Value, _ limit: Value) -> Value? {
    guard case .string(let text) = text, case .string(let separator) = separator, case .int(let limit) = limit
    else { return nil }
    let clamped = Int(max(-1, min(limit, Int64(Limits.bytes))))
    let parts = StringSearch.split(text, separator, limit: clamped)
    return parts.count > Limits.elements ? Limits.tooLong : .list(parts.map { .string($0) })
  }

  @Sendable private static func substring(_ text: Value, _ start: Value, _ end: Value?) -> Value? {
    guard case .string(let text) = text, case .int(let start) = start else { return nil }
    let scalars = text.unicodeScalars
    let count = Int64(scalars.count)
    var last = count
    if let end {
      guard case .int(let place) = end else { return nil }
      last = place
    }
    guard start >= 0, start <= count else { return outOfRange(start) }
    guard last >= 0, last <= count else { return outOfRange(last) }
    guard start <= last else { return .failure("invalid substring range: start \(start), end \(last)") }
    return .string(String(scalars.dropFirst(Int(start)).prefix(Int(last - start))))
  }

  @Sendable private static func join(_ list: Value, _ separator: Value) -> Value? {
    guard case .list(let elements) = list, case .string(let separator) = separator else { return nil }
    var texts: [String] = []
    var total = 0
    for element in elements {
      guard case .string(let text) = element else { return nil }
      texts.append(text)
      total += text.utf8.count + separator.utf8.count
    }
    return Limits.text(total) { texts.joined(separator: separator) }
  }
}
