import Base
import Declarations
import Documents
package import Expressions
package import Model

/// What may be written at a place of a file that is being edited.
package struct PolicyCompletion: Sendable {
  package let items: [Completion]
  /// How many columns before the cursor they take the place of.
  package let begun: Int

  static let none = PolicyCompletion(items: [], begun: 0)
}

extension PolicyCompletion {
  /// Stands in the file where the cursor is: no text has it by itself.
  private static let marker = "musterCursor7f3a"

  /// What may stand at the 1-based line and column (in Unicode scalars) of a policy's file; the file need not be whole YAML.
  package static func at(line: Int, column: Int, of file: SourceFile) -> PolicyCompletion {
    let text = String(decoding: file.bytes, as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard line >= 1, line <= lines.count else { return .none }
    let scalars = lines[line - 1].unicodeScalars
    let before = String(scalars.prefix(max(0, column - 1)))
    let after = String(scalars.dropFirst(max(0, column - 1)))
    for rest in [after] + closers {
      for isWhole in [true, false] {
        lines[line - 1] = before + marker + rest
        let kept = isWhole ? lines[...] : lines[..<line]
        let bytes = Array(kept.joined(separator: "\n").utf8)
        let (document, problems) = Document.yaml(bytes, path: file.path)
        guard let root = document?.root, problems.allSatisfy({ $0.kind == .warning }),
          let expression = OpenExpression(in: root, marker)
        else { continue }
        return expression.completion(of: environment(of: root, editing: marker))
      }
    }
    return words(before, lines[..<(line - 1)], before.count)
  }

  /// What may close a line that is not finished.
  private static let closers = ["", "\"", "'", "\" }", "' }", " }", "\" ]", "\" } ]"]

  /// What the policy's conditions may name, as far as the file can be understood.
  private static func environment(of root: Node, editing marker: String) -> Expressions.Environment {
    let subject = root["subject"]?.text.flatMap { Policy.Subject(rawValue: $0) } ?? .identity
    var environment = PolicyVocabulary.environment(CompiledPolicy.variables(of: subject))
    for (name, value) in root["params"]?.members ?? [] {
      guard let name = name.text, let text = value.text else { continue }
      let (constant, type) = PolicyCompiler.typed(text)
      environment = environment.adding(constant: "params.\(name)", constant, type)
    }
    for (name, value) in root["variables"]?.members ?? [] {
      // Variables know those before them only.
      guard let name = name.text, let text = value.text, !text.contains(marker) else { break }
      do { environment = try environment.adding(lazy: "variables.\(name)", text) } catch { continue }
    }
    return environment
  }

  // MARK: Keys and words of the file itself

  private static func words(_ before: String, _ above: ArraySlice<String>, _ column: Int) -> PolicyCompletion {
    let indent = before.prefix { $0 == " " }.count
    let rest = before.dropFirst(indent)
    if indent == 0, rest.allSatisfy({ $0.isLetter || $0 == "-" }) {
      let written = Set(above.compactMap { line in line.firstIndex(of: ":").map { String(line[..<$0]) } })
      let fields = FileKind.policy.fields.filter { !written.contains($0.name) && $0.name.hasPrefix(rest) }
      return PolicyCompletion(
        items: fields.map { Completion($0.name, .field, $0.isRequired ? "required" : "", $0.summary) },
        begun: rest.count)
    }
    guard indent == 0, let colon = rest.firstIndex(of: ":") else { return .none }
    let begun = rest[rest.index(after: colon)...].reversed().prefix { $0.isLetter || $0 == "-" }
    let word = String(begun.reversed())
    let key = String(rest[..<colon])
    let known =
      key == "at"
      ? FileKind.declaration.fields.map { Completion($0.name, .value, "", $0.summary) }
      : (FileKind.policy.fields.first { $0.name == key }?.shape.words ?? []).map { Completion($0, .value, "", "") }
    return PolicyCompletion(items: known.filter { $0.text.hasPrefix(word) }, begun: word.count)
  }
}

extension Field.Shape {
  fileprivate var words: [String] {
    switch self {
    case .word(let words): words
    case .list(let element): element.words
    default: []
    }
  }
}

/// The expression or message with the cursor in it.
private struct OpenExpression {
  private let text: String
  private let offset: Int
  private let isTemplate: Bool

  init?(in root: Node, _ marker: String) {
    for (key, isTemplate) in [("when", false), ("require", false), ("value", false), ("message", true)] {
      if let found = OpenExpression(root[key], marker, isTemplate) { self = found; return }
    }
    for key in ["variables", "evidence"] {
      for (_, value) in root[key]?.members ?? [] {
        if let found = OpenExpression(value, marker, false) { self = found; return }
      }
    }
    for doubt in root["unknown"]?.elements ?? [] {
      for (key, isTemplate) in [("when", false), ("because", true)] {
        if let found = OpenExpression(doubt[key], marker, isTemplate) { self = found; return }
      }
    }
    return nil
  }

  private init?(_ node: Node?, _ marker: String, _ isTemplate: Bool) {
    guard let text = node?.text, let range = text.firstRange(of: marker) else { return nil }
    self.text = text.replacing(marker, with: "")
    offset = text[..<range.lowerBound].utf8.count
    self.isTemplate = isTemplate
  }

  func completion(of environment: Expressions.Environment) -> PolicyCompletion {
    let found =
      isTemplate
      ? environment.completions(inTemplate: text, at: offset) : environment.completions(in: text, at: offset)
    let begun = text.utf8.prefix(found.range.end).dropFirst(found.range.start)
    return PolicyCompletion(items: found.items, begun: String(decoding: begun, as: UTF8.self).unicodeScalars.count)
  }
}
