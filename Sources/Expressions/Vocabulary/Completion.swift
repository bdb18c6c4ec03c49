/// What may stand at a place in an expression that is still being written.
package struct Completion: Sendable, Hashable {
  /// What it is.
  package enum Kind: String, Sendable, CaseIterable {
    case field, variable, function, macro, value, `operator`, namespace
  }

  /// What to write in the place of what was begun.
  package let text: String
  package let kind: Kind
  /// Its type, or how it is called.
  package let type: String
  /// One line; empty where there is nothing to say.
  package let summary: String

  package init(_ text: String, _ kind: Kind, _ type: String, _ summary: String) {
    self.text = text
    self.kind = kind
    self.type = type
    self.summary = summary
  }
}

extension Environment {
  /// What may stand at a byte of the text, and the part of the text that it takes the place of. The text need not be finished: what is
  /// open is closed for the check, and what follows counts where it can be read.
  package func completions(in text: String, at offset: Int) -> (range: SourceRange, items: [Completion]) {
    let bytes = Array(text.utf8)
    let cursor = min(max(0, offset), bytes.count)
    guard let draft = Draft(bytes, cursor) else { return (SourceRange(cursor, cursor), []) }
    let items: [Completion]
    switch draft.place {
    case .string: items = values(draft)
    case .member: items = members(draft)
    case .start: items = names(draft)
    case .operation: items = operators
    }
    let begun = draft.begun.lowercased()
    let fitting = items.filter { $0.text.lowercased().hasPrefix(begun) }
    return (SourceRange(draft.start, cursor), fitting)
  }

  /// As `completions`, for a message: only inside a hole.
  package func completions(inTemplate text: String, at offset: Int) -> (range: SourceRange, items: [Completion]) {
    let bytes = Array(text.utf8)
    let cursor = min(max(0, offset), bytes.count)
    guard let start = Draft.hole(in: bytes, at: cursor) else { return (SourceRange(cursor, cursor), []) }
    let inner = completions(in: String(decoding: bytes[start..<cursor], as: UTF8.self), at: cursor - start)
    return (SourceRange(inner.range.start + start, inner.range.end + start), inner.items)
  }

  // MARK: Inside quotes

  /// The only texts that the other side of a comparison may be.
  private func values(_ draft: Draft) -> [Completion] {
    guard let checked = check(draft, inserting: Draft.marker) else { return [] }
    let syntax = checked.syntax
    let isMarker = { (id: Syntax.ID) in
      if case .constant(.string(Draft.marker)) = syntax[id].kind { return true }
      return false
    }
    func holdsMarker(_ id: Syntax.ID) -> Bool {
      if case .list(let elements) = syntax[id].kind { return elements.contains { isMarker($0.value) } }
      return isMarker(id)
    }
    for node in syntax.nodes {
      guard case .call(let name, nil, let sides) = node.kind, sides.count == 2,
        ["_==_", "_!=_", "@in"].contains(name), let at = sides.firstIndex(where: holdsMarker)
      else { continue }
      guard let field = checked.field(sides[1 - at]) else { return [] }
      return field.values.map { Completion($0, .value, "string", "") }
    }
    return []
  }

  // MARK: After a dot

  private func members(_ draft: Draft) -> [Completion] {
    guard let checked = check(draft, inserting: Draft.marker) else { return [] }
    let nodes = checked.syntax.nodes
    for case .has(let operand, Draft.marker, _) in nodes.map(\.kind) {
      let fields = members(of: checked.types[Int(operand)], checked, areCalled: false)
      // Asking makes sense of what may be absent.
      return fields.filter { $0.type.hasSuffix("?") } + fields.filter { !$0.type.hasSuffix("?") }
    }
    for case .select(let operand, Draft.marker, _) in nodes.map(\.kind) {
      if let prefix = checked.syntax.qualifiedName(operand), let inner = below(prefix) { return inner }
      return members(of: checked.types[Int(operand)], checked, areCalled: true)
    }
    return []
  }

  /// What a prefix of dotted names goes on with; `nil` where it is a value.
  private func below(_ prefix: String) -> [Completion]? {
    if meaning(prefix) != nil { return nil }
    let known = variableNames.filter { $0.hasPrefix(prefix + ".") }.sorted().compactMap { name in
      variable(name, as: String(name.dropFirst(prefix.count + 1)))
    }
    let called = functions.values.filter { $0.name.hasPrefix(prefix + ".") }.sorted { $0.name < $1.name }.map {
      Completion(String($0.name.dropFirst(prefix.count + 1)), .function, $0.shownCalls, $0.summary)
    }
    let macros = CallDocumentation.macros.filter { $0.name.hasPrefix(prefix + ".") }.map {
      Completion(String($0.name.dropFirst(prefix.count + 1)), .macro, $0.signature, $0.summary)
    }
    return known.isEmpty && called.isEmpty && macros.isEmpty ? nil : known + called + macros
  }

  private func members(of type: CELType, _ checked: Checker, areCalled: Bool) -> [Completion] {
    var found: [Completion] = []
    if case .object(let name) = type.withoutOptional {
      found = (types[name]?.fields ?? []).map {
        Completion($0.name, .field, "\($0.type)\($0.isOptional ? "?" : "")", $0.summary)
      }
    }
    guard areCalled else { return found }
    let kind = type.runtimeName == "optional_type" ? "optional" : type.runtimeName ?? ""
    found += CallDocumentation.macros.filter { $0.targets.contains(kind) }.map {
      Completion($0.name, .macro, $0.signature, $0.summary)
    }
    // Of an object only what it has is of use: everything that takes any type would drown it.
    if case .object = type { return found }
    var unifier = checked.unifier
    found += functions.values.sorted { $0.name < $1.name }.compactMap { function in
      if function.name.isOperatorName { return nil }
      let fitting = function.overloads.first { overload in
        guard overload.isMember, let target = overload.parameters.first else { return false }
        return unifier.assign([type], to: unifier.instantiate([target]))
      }
      return fitting.map {
        Completion(function.name, .function, "\($0.shown(function.name)) → \($0.result)", function.summary)
      }
    }
    return found
  }

  // MARK: Where a value begins

  private func names(_ draft: Draft) -> [Completion] {
    var found = locals(draft)
    var seen: Set<String> = []
    for name in variableNames.sorted() {
      let first = String(name.prefix { $0 != "." })
      if first == name {
        if let variable = variable(name, as: name) { found.append(variable) }
      } else if seen.insert(first).inserted {
        found.append(Completion(first, .namespace, "", ""))
      }
    }
    let libraries = Set(functions.keys.filter { $0.contains(".") }.map { String($0.prefix { $0 != "." }) })
    found += libraries.sorted().filter { functions[$0] == nil }.map { Completion($0, .namespace, "", "functions") }
    found.append(Completion("has", .macro, "has(x.field) → bool", "Whether a field that may be absent is there"))
    found += functions.values.sorted { $0.name < $1.name }.compactMap { function in
      let isGlobal = function.overloads.contains { !$0.isMember }
      guard isGlobal, !function.name.isOperatorName, !function.name.contains(".") else { return nil }
      return Completion(function.name, .function, function.shownCalls, function.summary)
    }
    return found + ["true", "false"].map { Completion($0, .value, "bool", "") }
  }

  private func variable(_ name: String, as text: String) -> Completion? {
    switch meanings[name] {
    case .slot(let number, let type): Completion(text, .variable, "\(type)", variables[number].summary)
    case .constant(let value, let type): Completion(text, .variable, "\(type)", "now \(value.literalText)")
    case .lazy(let number, let type): Completion(text, .variable, "\(type)", lazies[number].program.source.text)
    case nil: nil
    }
  }

  /// The variables of the macros around, innermost first.
  private func locals(_ draft: Draft) -> [Completion] {
    guard let checked = check(draft, inserting: Draft.marker) else { return [] }
    var names: [String] = []
    for id in checked.syntax.nodes.indices {
      switch checked.syntax.nodes[id].kind {
      case .fold(let fold):
        let inner = [fold.body] + (fold.condition.map { [$0] } ?? [])
        if inner.contains(where: checked.syntax.holdsMarker) {
          names += [fold.variable, fold.second].compactMap { $0 }
        }
      case .bind(let name, _, let body), .optionalMap(_, let name, let body, _):
        if checked.syntax.holdsMarker(body) { names.append(name) }
      default: continue
      }
    }
    return names.map { name in
      // The type is what the checker says of the name in the marker's place.
      let tried = check(draft, inserting: name)
      let place = tried?.syntax.nodes.firstIndex { node in
        if case .name(name) = node.kind { return node.range.start == draft.start }
        return false
      }
      let type = place.flatMap { tried?.types[$0] } ?? .dyn
      return Completion(name, .variable, "\(type)", "of the macro around")
    }
  }

  private var operators: [Completion] {
    ["==", "!=", "<", "<=", ">", ">=", "&&", "||", "in", "+", "-", "?"].map { sign in
      let macro = CallDocumentation.macros.first { $0.name == sign || (sign == "?" && $0.name == "? :") }
      let function = functions.values.first { $0.name.isOperatorName && $0.name.operatorText == sign }
      return Completion(sign, .operator, macro?.signature ?? "", macro?.summary ?? function?.summary ?? "")
    }
  }

  /// The draft with a word at its place, checked as far as it goes.
  private func check(_ draft: Draft, inserting word: String) -> Checker? {
    for text in draft.finished(with: word) {
      let source = Source(text)
      do {
        var checker = Checker(try Parser.parse(source), source, self, strict: false)
        checker.check()
        return checker
      } catch { continue }
    }
    return nil
  }
}

extension Checker {
  /// The declared field that a node selects.
  fileprivate func field(_ id: Syntax.ID) -> ObjectType.Field? {
    guard case .select(let operand, let name, _) = syntax[id].kind,
      case .object(let type) = types[Int(operand)].withoutOptional, let object = environment.types[type],
      let number = object.index(of: name)
    else { return nil }
    return object.fields[number]
  }
}

extension Syntax {
  fileprivate func holdsMarker(_ id: ID) -> Bool {
    if case .name(Draft.marker) = self[id].kind { return true }
    return Syntax.children(of: self[id].kind).contains(where: holdsMarker)
  }
}

extension Function {
  fileprivate var shownCalls: String {
    overloads.filter { !$0.isMember }.prefix(3).map { "\($0.shown(name)) → \($0.result)" }.joined(separator: ", ")
  }
}
