/// A message with holes: `{identity.handle} expired on {identity.expires}`. `{{` and `}}` stand for single braces.
package struct Template: Sendable {
  enum Part: Sendable {
    case text(String)
    case hole(Program)
  }

  /// As written.
  package let text: String
  let parts: [Part]

  /// The message over the bound variables; what a hole cannot say is said in its place.
  package func render(_ evaluation: Evaluation) -> String {
    var out = ""
    for part in parts {
      switch part {
      case .text(let text): out += text
      case .hole(let program): out += program.evaluate(evaluation).displayText
      }
    }
    return out
  }

  /// The values of the holes, in order.
  package func values(_ evaluation: Evaluation) -> [Value] {
    parts.compactMap { part in
      if case .hole(let program) = part { return program.evaluate(evaluation) }
      return nil
    }
  }
}

extension Environment {
  /// Compiles a message; positions of problems count from the start of the whole text.
  package func compileTemplate(_ text: String) throws(ExpressionError) -> Template {
    let source = Source(text)
    var parts: [Template.Part] = []
    var literal: [UInt8] = []
    var at = 0
    var problems: [Problem] = []
    do {
      while at < source.bytes.count {
        let byte = source.bytes[at]
        let isDouble = at + 1 < source.bytes.count && source.bytes[at + 1] == byte
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "}"):
          if isDouble {
            literal.append(byte)
            at += 2
          } else if byte == UInt8(ascii: "}") {
            throw SyntaxError("a `}` without a `{`", hint: "write `}}` for a brace", at: SourceRange(at, at + 1))
          } else {
            parts.append(.text(String(decoding: literal, as: UTF8.self)))
            literal = []
            // A hole that is wrong does not hide what is wrong with the next.
            do { parts.append(.hole(try hole(source, &at))) } catch let error as ExpressionError {
              problems += error.problems
            }
          }
        default:
          literal.append(byte)
          at += 1
        }
      }
    } catch let error as SyntaxError {
      problems.append(Problem(error.message, hint: error.hint, at: error.range, in: source))
    } catch {
      problems.append(Problem("\(error)", at: SourceRange(at, at), in: source))
    }
    if !problems.isEmpty { throw ExpressionError(problems: problems) }
    parts.append(.text(String(decoding: literal, as: UTF8.self)))
    return Template(text: text, parts: parts)
  }

  private func hole(_ source: Source, _ at: inout Int) throws -> Program {
    let start = at
    var parser = try Parser(source, from: start + 1)
    parser.syntax.root = try parser.expression()
    guard parser.token.is(.rightBrace) else {
      if case .end = parser.token.kind {
        throw SyntaxError("this `{` is not closed", hint: "write `{{` for a brace", at: SourceRange(start, start + 1))
      }
      throw parser.unexpected("where the `}` of the hole should be")
    }
    at = parser.token.end
    return try compile(parser.syntax, source, expecting: nil, strict: true)
  }
}
