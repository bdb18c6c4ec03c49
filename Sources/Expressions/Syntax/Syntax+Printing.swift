extension Syntax {
  /// The node as an expression on one line: reading it gives the same tree again. Spaces, comments, needless parentheses and
  /// other spellings of a literal are gone, so that two nodes that mean the same by form have the same text.
  func text(_ id: ID) -> String {
    var printer = Printer(self)
    printer.print(id, .whole)
    return printer.text
  }
}

/// Writes a tree with the fewest parentheses. As deep as the tree, which the parser bounds.
private struct Printer {
  /// How tightly a part must hold together to need no parentheses where it stands.
  enum Rank: Int {
    case whole, or, and, relation, sum, product, sign, member
  }

  private let syntax: Syntax
  private(set) var text = ""

  init(_ syntax: Syntax) { self.syntax = syntax }

  mutating func print(_ id: Syntax.ID, _ least: Rank) {
    let isLoose = rank(id).rawValue < least.rawValue
    if isLoose { text += "(" }
    printPlain(id)
    if isLoose { text += ")" }
  }

  private func rank(_ id: Syntax.ID) -> Rank {
    switch syntax[id].kind {
    case .conditional: .whole
    case .or: .or
    case .and: .and
    case .call(let name, nil, let arguments) where name.isOperatorName:
      arguments.count == 1 ? .sign : Printer.operators[name] ?? .relation
    default: .member
    }
  }

  private static let operators: [String: Rank] = [
    "_+_": .sum, "_-_": .sum, "_*_": .product, "_/_": .product, "_%_": .product,
  ]

  private mutating func printPlain(_ id: Syntax.ID) {
    switch syntax[id].kind {
    case .constant(let value): text += value.sourceText
    case .name(let name): text += Printer.shown(name)
    case .select(let operand, let field, let isOptional): printField(operand, field, isOptional)
    case .has(let operand, let field, let isOptional):
      text += "has("
      printField(operand, field, isOptional)
      text += ")"
    case .call(let name, let target, let arguments): printCall(name, target, arguments)
    case .index(let operand, let key, let isOptional):
      print(operand, .member)
      text += isOptional ? "[?" : "["
      print(key, .whole)
      text += "]"
    case .and(let parts): join(parts, " && ") { $0.print($1, .relation) }
    case .or(let parts): join(parts, " || ") { $0.print($1, .and) }
    case .conditional(let condition, let yes, let no):
      print(condition, .or)
      text += " ? "
      print(yes, .or)
      text += " : "
      print(no, .whole)
    case .list(let elements): printList(elements)
    case .map(let entries): printMap(entries)
    case .message(let name): text += "\(name){}"
    case .fold(let fold): printFold(fold)
    case .bind(let name, let value, let body): printBind(id, name, value, body)
    case .optionalMap(let target, let name, let body, let isFlat):
      print(target, .member)
      text += isFlat ? ".optFlatMap(" : ".optMap("
      text += Printer.shown(name) + ", "
      print(body, .whole)
      text += ")"
    }
  }

  private mutating func join<T>(_ parts: [T], _ separator: String, _ body: (inout Printer, T) -> Void) {
    for (at, part) in parts.enumerated() {
      if at > 0 { text += separator }
      body(&self, part)
    }
  }

  private mutating func printField(_ operand: Syntax.ID, _ field: String, _ isOptional: Bool) {
    print(operand, .member)
    text += isOptional ? ".?" : "."
    text += field.isPlainField ? field : "`\(field)`"
  }

  private mutating func printCall(_ name: String, _ target: Syntax.ID?, _ arguments: [Syntax.ID]) {
    if target == nil, name.isOperatorName { return printOperator(name, arguments) }
    if let target {
      print(target, .member)
      text += "."
    }
    text += name + "("
    join(arguments, ", ") { $0.print($1, .whole) }
    text += ")"
  }

  private mutating func printOperator(_ name: String, _ arguments: [Syntax.ID]) {
    guard arguments.count == 2 else {
      text += name.operatorText
      let start = text.utf8.count
      for argument in arguments { print(argument, .sign) }
      // `-5` is a literal, `-(5)` a sign before one.
      guard name == "-_", text.utf8.dropFirst(start).first?.isDigit == true else { return }
      let operand = String(text.utf8.dropFirst(start)) ?? ""
      text = (String(text.utf8.prefix(start)) ?? "") + "(\(operand))"
      return
    }
    let rank = Printer.operators[name] ?? .relation
    print(arguments[0], rank)
    text += " \(name.operatorText) "
    print(arguments[1], Rank(rawValue: rank.rawValue + 1) ?? .member)
  }

  private mutating func printList(_ elements: [Syntax.Element]) {
    text += "["
    join(elements, ", ") { printer, element in
      if element.isOptional { printer.text += "?" }
      printer.print(element.value, .whole)
    }
    text += "]"
  }

  private mutating func printMap(_ entries: [Syntax.Entry]) {
    text += "{"
    join(entries, ", ") { printer, entry in
      if entry.isOptional { printer.text += "?" }
      printer.print(entry.key, .whole)
      printer.text += ": "
      printer.print(entry.value, .whole)
    }
    text += "}"
  }

  private mutating func printFold(_ fold: Syntax.Fold) {
    print(fold.range, .member)
    text += ".\(fold.kind.rawValue)(" + Printer.shown(fold.variable)
    if let second = fold.second { text += ", " + Printer.shown(second) }
    for part in [fold.condition, fold.body].compactMap({ $0 }) {
      text += ", "
      print(part, .whole)
    }
    text += ")"
  }

  /// Binds whose names number themselves come from `cel.block`.
  private mutating func printBind(_ id: Syntax.ID, _ name: String, _ value: Syntax.ID, _ body: Syntax.ID) {
    var (values, inner) = ([Syntax.ID](), id)
    while case .bind("@index:\(values.count)", let value, let body) = syntax[inner].kind {
      values.append(value)
      inner = body
    }
    if values.isEmpty {
      text += "cel.bind(\(Printer.shown(name)), "
      print(value, .whole)
    } else {
      text += "cel.block(["
      join(values, ", ") { $0.print($1, .whole) }
      text += "]"
    }
    text += ", "
    print(values.isEmpty ? body : inner, .whole)
    text += ")"
  }

  /// `@iterVar:0:1` came from `cel.iterVar(0, 1)`.
  private static func shown(_ name: String) -> String {
    guard name.hasPrefix("@") else { return name }
    let parts = name.dropFirst().split(separator: ":")
    return "cel.\(parts[0])(\(parts.dropFirst().joined(separator: ", ")))"
  }
}

extension String {
  /// Whether it can follow a dot without backticks.
  fileprivate var isPlainField: Bool {
    guard utf8.first?.isNameStart == true, utf8.allSatisfy({ $0.isNameStart || $0.isDigit }) else { return false }
    return !["in", "true", "false", "null"].contains(self)
  }
}

extension Value {
  /// A literal's text; only what the parser makes a constant of has one.
  fileprivate var sourceText: String {
    switch self {
    case .double(let value): return value.description
    case .string(let text): return Value.quote(text.unicodeScalars.map { ($0.value, $0) })
    case .bytes(let bytes):
      return "b" + Value.quote(bytes.map { (UInt32($0), $0 < 0x80 ? Unicode.Scalar($0) : nil) })
    default: return literalText
    }
  }

  /// In single quotes; what cannot be seen is escaped by its number.
  private static func quote(_ units: [(number: UInt32, scalar: Unicode.Scalar?)]) -> String {
    var out = "'"
    for (number, scalar) in units {
      switch number {
      case 0x0A: out += "\\n"
      case 0x0D: out += "\\r"
      case 0x09: out += "\\t"
      case 0x27, 0x5C: out += number == 0x27 ? "\\'" : "\\\\"
      default:
        if let scalar, number >= 0x20, number != 0x7F {
          out.unicodeScalars.append(scalar)
        } else {
          let digits = String(number, radix: 16)
          out += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
        }
      }
    }
    return out + "'"
  }
}
