private import CRE2

/// A compiled RE2 expression: linear time on any text.
final class RegularExpression: Sendable {
  struct Refused: Error {
    let message: String
  }

  let groups: Int
  // RE2 objects may be used by several threads at once (re2.h, "Thread-safety").
  private nonisolated(unsafe) let handle: OpaquePointer

  init(_ pattern: String) throws(Refused) {
    var message = [CChar](repeating: 0, count: 256)
    var copy = pattern
    let made = copy.withUTF8 { bytes in
      message.withUnsafeMutableBufferPointer {
        muster_re2_new(bytes.baseAddress, bytes.count, $0.baseAddress, $0.count)
      }
    }
    guard let made else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw Refused(message: String(decoding: text, as: UTF8.self))
    }
    handle = made
    groups = Int(muster_re2_groups(made))
  }

  deinit { muster_re2_free(handle) }

  /// Whether a part of the text matches.
  func matches(_ text: String) -> Bool {
    var copy = text
    return copy.withUTF8 { muster_re2_match(handle, $0.baseAddress, $0.count, 0, nil, 0) != 0 }
  }

  /// The first match from a byte on: the whole and the groups as byte ranges, `nil` for a group that took no part.
  func firstMatch(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> [Range<Int>?]? {
    var found = [Int](repeating: -1, count: 2 * (groups + 1))
    let count = groups + 1
    let matched = found.withUnsafeMutableBufferPointer {
      muster_re2_match(handle, text.baseAddress, text.count, start, $0.baseAddress, count)
    }
    if matched == 0 { return nil }
    return (0..<count).map { found[2 * $0] < 0 ? nil : found[2 * $0]..<found[2 * $0 + 1] }
  }
}

/// `text.matches('pattern')`
final class ConstantMatch: Condition {
  let (text, expression, range): (any Code, RegularExpression, SourceRange)

  init(_ text: any Code, _ expression: RegularExpression, _ range: SourceRange) {
    (self.text, self.expression, self.range) = (text, expression, range)
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    let value = text.value(evaluation)
    guard case .string(let string) = value else {
      return evaluation.fail(
        value.isFailure ? .joinedFailure(value, value) : .noOverload("matches", [value, .string("")], range))
    }
    guard evaluation.charge(string.utf8.count >> 3) else { return evaluation.fail(evaluation.exhaustion) }
    return Truth(expression.matches(string))
  }
}
