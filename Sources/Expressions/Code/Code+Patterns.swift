import Base

/// `glob(text, 'pattern')` and `globAny(text, ['pattern', …])`, the patterns read when compiled.
final class ConstantGlobs: Condition {
  let (text, globs): (any Code, [Glob])
  /// Matching takes the product of both lengths at worst.
  private let weight: Int
  let name: String
  let range: SourceRange

  init(_ text: any Code, _ globs: [Glob], _ name: String, _ range: SourceRange) {
    (self.text, self.globs, self.name, self.range) = (text, globs, name, range)
    weight = globs.reduce(0) { $0 + $1.description.utf8.count >> 4 }
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    let value = text.value(evaluation)
    guard case .string(var string) = value else {
      return evaluation.fail(value.isFailure ? .joinedFailure(value, value) : .noOverload(name, [value], range))
    }
    guard evaluation.charge(globs.count + weight * (1 + string.utf8.count >> 4)) else {
      return evaluation.fail(evaluation.exhaustion)
    }
    return Truth(
      string.withUTF8 { bytes in
        for at in globs.indices where globs[at].matches(bytes: bytes) { return true }
        return false
      })
  }
}

/// `x in ['a', 'b']` with literal texts.
final class TextMembership: Condition {
  let element: any Code
  let texts: [String]
  /// Only where there are enough to gain from hashing.
  let lookup: Set<String>?

  init(_ element: any Code, _ texts: [String]) {
    self.element = element
    self.texts = texts
    lookup = texts.count > 8 ? Set(texts) : nil
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    let value = element.value(evaluation)
    guard case .string(let text) = value else {
      return value.isFailure ? evaluation.fail(.joinedFailure(value, value)) : .no
    }
    guard evaluation.charge(1 + text.utf8.count >> 4) else { return evaluation.fail(evaluation.exhaustion) }
    // Equal by hash may still be two spellings of the same letter.
    if let lookup, !lookup.contains(text) { return .no }
    for at in texts.indices where texts[at].isSameScalars(as: text) { return .yes }
    return .no
  }
}

extension Constant {
  var text: String? {
    if case .string(let text) = constant { return text }
    return nil
  }

  /// The text, or the texts of the list, that the constant is.
  var texts: [String]? {
    switch constant {
    case .string(let text): return [text]
    case .list(let elements):
      let texts = elements.compactMap { element in
        if case .string(let text) = element { return text }
        return nil
      }
      return texts.count == elements.count ? texts : nil
    default: return nil
    }
  }
}

/// A text compared with a literal one: `==`, `!=`, `startsWith`, `endsWith`, `contains`. The literal is never copied, so that
/// threads do not contend for its reference count.
final class TextTest: Condition, Reader {
  enum Kind: Sendable { case same, different, starts, ends, contains }

  let operand: Operand
  let text: String
  let kind: Kind
  let site: CallSite

  init(_ operand: any Code, _ text: String, _ kind: Kind, _ site: CallSite) {
    (self.operand, self.text, self.kind, self.site) = (Operand(operand, isMade: true), text, kind, site)
  }

  func truth(_ evaluation: Evaluation) -> Truth { read(evaluation) }

  func read(_ value: Value, _ evaluation: Evaluation) -> Truth {
    switch value {
    case .string(let string): test(string, evaluation)
    default: other(value, evaluation)
    }
  }

  @inline(__always)
  private func test(_ string: String, _ evaluation: Evaluation) -> Truth {
    guard evaluation.charge(string.utf8.count >> 4) else { return evaluation.fail(evaluation.exhaustion) }
    switch kind {
    case .same: return Truth(string.isSameScalars(as: text))
    case .different: return Truth(!string.isSameScalars(as: text))
    case .starts: return Truth(StringSearch.starts(string, text))
    case .ends: return Truth(StringSearch.ends(string, text))
    case .contains: return Truth(StringSearch.contains(string, text))
    }
  }

  private func other(_ value: Value, _ evaluation: Evaluation) -> Truth {
    if value.isFailure { return evaluation.fail(.joinedFailure(value, value)) }
    if kind == .same || kind == .different { return Truth(kind == .different) }
    return evaluation.fail(.noOverload(site.name, [value, .string(text)], site.range))
  }
}

/// `glob` and `globAny` with patterns known only when it runs.
final class DynamicGlobs: Condition {
  let (text, patterns): (any Code, any Code)
  let site: CallSite

  init(_ text: any Code, _ patterns: any Code, _ site: CallSite) {
    (self.text, self.patterns, self.site) = (text, patterns, site)
  }

  func truth(_ evaluation: Evaluation) -> Truth {
    let (subject, wanted) = (text.value(evaluation), patterns.value(evaluation))
    if subject.isFailure || wanted.isFailure { return evaluation.fail(.joinedFailure(subject, wanted)) }
    guard case .string(let string) = subject, let globs = Constant(wanted).texts else {
      return evaluation.fail(.noOverload(site.name, [subject, wanted], site.range))
    }
    for glob in globs {
      guard evaluation.charge(site.cost + (1 + glob.utf8.count >> 4) * (1 + string.utf8.count >> 4)) else {
        return evaluation.fail(evaluation.exhaustion)
      }
      if Glob(glob).matches(string) { return .yes }
    }
    return .no
  }
}
