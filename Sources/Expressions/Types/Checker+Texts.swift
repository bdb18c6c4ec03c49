import Base

extension Checker {
  /// A field with a fixed set of texts, compared with a literal that is none of them, is a slip of the pen.
  mutating func checkTexts(_ id: Syntax.ID, _ name: String, _ arguments: [Syntax.ID]) {
    guard arguments.count == 2, name == "_==_" || name == "_!=_" || name == "@in" else { return }
    for (subject, literal) in [(arguments[0], arguments[1]), (arguments[1], arguments[0])] {
      guard let field = declaredField(subject), !field.values.isEmpty else { continue }
      for (place, text) in texts(literal) where !field.values.contains(text) {
        report(
          "`\(field.name)` is never \(text.quoted)", hint: suggestion(for: text, among: field.values), at: place,
          whole: true)
      }
    }
  }

  /// In a policy each element that is written out must be able to equal what is looked for; the language itself takes any
  /// into a list of several types.
  mutating func checkElements(_ arguments: [Syntax.ID]) {
    guard environment.refusesMistakes, arguments.count == 2, case .list(let elements) = syntax[arguments[1]].kind else {
      return
    }
    let wanted = unifier.resolve(types[Int(arguments[0])], final: true)
    var fitting: Set<CELType> = []
    for element in elements where !element.isOptional {
      let type = unifier.resolve(types[Int(element.value)], final: true)
      if !fitting.insert(type).inserted { continue }
      var trial = unifier
      if trial.assign(type, to: wanted) || trial.assign(wanted, to: type) || wanted.isNumber && type.isNumber {
        continue
      }
      report("\(wanted.withArticle) never equals \(type.withArticle)", at: element.value, whole: true)
    }
  }

  func declaredField(_ id: Syntax.ID) -> ObjectType.Field? {
    guard case .select(let operand, let name, _) = syntax[id].kind,
      case .object(let type) = unifier.resolve(types[Int(operand)]).withoutOptional,
      let object = environment.types[type], let number = object.index(of: name)
    else { return nil }
    return object.fields[number]
  }

  /// The literal texts of a node: itself, or its elements.
  private func texts(_ id: Syntax.ID) -> [(Syntax.ID, String)] {
    switch syntax[id].kind {
    case .constant(.string(let text)): [(id, text)]
    case .list(let elements): elements.flatMap { texts($0.value) }
    default: []
    }
  }
}
