/// Names the parts of expressions by what they say: white space, parentheses, the names of macros' variables and of named
/// expressions, `x.size()` for `size(x)` and `b > a` for `a < b` make no difference.
struct OperandNames {
  /// A longer name stands for nothing but itself.
  private static let longest = 4096

  private let checker: Checker
  private let constants: Constants

  init(_ checker: Checker, _ constants: Constants) {
    self.checker = checker
    self.constants = constants
  }

  /// ASCII, so that no two texts are taken for one by their accents.
  func name(_ id: Syntax.ID) -> String {
    var writer = Writer(names: self)
    writer.write(id)
    guard !writer.isFull else {
      return "#\(id) of \(UInt(bitPattern: ObjectIdentifier(checker.environment.identity))) \(checker.source.text)"
    }
    return writer.text
  }

  /// What must be there for the node to have a value.
  func needs(_ id: Syntax.ID) -> [Formula.Operand] {
    var found: [Formula.Operand] = []
    var pending = [id]
    while let id = pending.popLast() {
      if checker.references[Int(id)] != nil, case .select = checker.syntax[id].kind { continue }
      switch checker.syntax[id].kind {
      case .select(let operand, let field, isOptional: false):
        guard checker.types[Int(operand)].withoutOptional == checker.types[Int(operand)] else { break }
        found.append(.truth(Writer.presence(name(operand), field)))
        pending.append(operand)
      case .has(let operand, _, isOptional: false): pending.append(operand)
      case .call(_, let target, let arguments): pending += (target.map { [$0] } ?? []) + arguments
      case .index(let operand, let key, isOptional: false): pending += [operand, key]
      default: break
      }
    }
    return found
  }

  fileprivate struct Writer {
    let names: OperandNames
    private(set) var text = ""
    private(set) var isFull = false
    /// Numbers of the macros' variables in scope, the outermost first.
    private var locals: [Int] = []

    init(names: OperandNames) { self.names = names }

    static func presence(_ operand: String, _ field: String) -> String { "has(\(operand).\(field.inASCII))" }

    private mutating func add(_ part: String) {
      if text.utf8.count > OperandNames.longest { isFull = true }
      if !isFull { text += part.inASCII }
    }

    mutating func write(_ id: Syntax.ID) {
      let checker = names.checker
      if isFull { return }
      if let value = names.constants.value(id) { return add("\(value.typeName) \(value.literalText)") }
      let kind = checker.syntax[id].kind
      if let reference = checker.references[Int(id)], write(reference, kind, id) { return }
      switch kind {
      case .constant(let value): add("\(value.typeName) \(value.literalText)")
      case .name(let name), .message(let name): add(name)
      case .select(let operand, let field, let isOptional):
        write(operand)
        add("\(isOptional ? ".?" : ".")\(field)")
      case .has(let operand, let field, let isOptional):
        add("has(")
        write(operand)
        add("\(isOptional ? ".?" : ".")\(field))")
      case .call(let name, let target, let arguments): call(name, (target.map { [$0] } ?? []) + arguments)
      case .fold(let fold): self.fold(id, fold)
      case .bind(_, let value, let body):
        bound(1, id, "bind", [value], [body])
      case .optionalMap(let target, _, let body, let isFlat):
        bound(1, id, isFlat ? "optFlatMap" : "optMap", [target], [body])
      case .list(let elements): list("[", elements.map { ($0.value, $0.isOptional) }, "]")
      case .map(let entries):
        list("{", entries.flatMap { [($0.key, false), ($0.value, $0.isOptional)] }, "}")
      case .index(let operand, let key, let isOptional): list(isOptional ? "at?(" : "at(", [operand, key])
      case .and(let parts): list("and(", parts)
      case .or(let parts): list("or(", parts)
      case .conditional(let test, let yes, let no): list("if(", [test, yes, no])
      }
    }

    /// `false` for a function's name: the call itself is still to be written.
    private mutating func write(_ reference: Checker.Reference, _ kind: Syntax.Kind, _ id: Syntax.ID) -> Bool {
      switch reference {
      case .local(let number):
        add(locals.lastIndex(of: number).map { "$\($0)" } ?? "$outer\(number)")
      case .meaning(.slot(let number, _)): add(names.checker.environment.variables[number].name)
      case .meaning(.lazy(let number, _)): add(names.checker.environment.lazies[number].meaning.name)
      case .meaning(.constant):
        add(names.checker.syntax.qualifiedName(id) ?? names.checker.source.text(names.checker.syntax[id].range))
      case .function(let function, let isMember):
        guard case .call(_, let target, let arguments) = kind else { return false }
        call(function.name, isMember ? (target.map { [$0] } ?? []) + arguments : arguments)
      }
      return true
    }

    private mutating func call(_ name: String, _ arguments: [Syntax.ID]) {
      switch name {
      case "_>_": list("_<_(", arguments.reversed())
      case "_>=_": list("_<=_(", arguments.reversed())
      default: list("\(name)(", arguments)
      }
    }

    private mutating func fold(_ id: Syntax.ID, _ fold: Syntax.Fold) {
      let word = "\(fold.kind.rawValue)\(fold.second == nil ? 1 : 2)"
      bound(fold.second == nil ? 1 : 2, id, word, [fold.range], (fold.condition.map { [$0] } ?? []) + [fold.body])
    }

    /// A part with variables of its own: `outer` is read without them.
    private mutating func bound(
      _ count: Int, _ id: Syntax.ID, _ word: String, _ outer: [Syntax.ID], _ inner: [Syntax.ID]
    ) {
      list("\(word)(", outer)
      let first = Int(names.checker.locals[Int(id)])
      for number in 0..<count { locals.append(first + number) }
      list("(", inner)
      locals.removeLast(count)
    }

    private mutating func list(_ open: String, _ parts: [Syntax.ID]) { list(open, parts.map { ($0, false) }, ")") }

    private mutating func list(_ open: String, _ parts: [(id: Syntax.ID, isOptional: Bool)], _ close: String) {
      add(open)
      for (at, part) in parts.enumerated() {
        add(at == 0 ? "" : ", ")
        add(part.isOptional ? "?" : "")
        write(part.id)
      }
      add(close)
    }
  }
}

extension String {
  /// With what is beyond ASCII by number.
  fileprivate var inASCII: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    return unicodeScalars.map { $0.isASCII ? String($0) : "\\u{\($0.value)}" }.joined()
  }
}
