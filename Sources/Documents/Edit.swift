package import Base

/// One step from a node to a node inside it.
package enum PathStep: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  case key(String)
  case index(Int)

  package init(stringLiteral value: String) { self = .key(value) }
  package init(integerLiteral value: Int) { self = .index(value) }
}

/// One intended change of a YAML document or of a front matter. Everything else stays byte for byte.
package struct Edit: Sendable {
  enum Action: Sendable {
    case set(YAMLValue)
    case insert(key: String, YAMLValue, after: String?)
    case append(Content)
  }

  /// What is appended.
  enum Content: Sendable {
    case value(YAMLValue)
    case lines([String])
  }

  let path: [PathStep]
  let action: Action

  /// Gives a scalar another text, in its present style where that can say it; an empty value or a missing key gets one.
  package static func set(_ path: [PathStep], to value: YAMLValue) -> Edit { Edit(path: path, action: .set(value)) }

  /// Adds a key to the mapping at `path`, behind the key `after` or at the end.
  package static func insert(
    _ key: String, _ value: YAMLValue, in path: [PathStep] = [], after: String? = nil
  ) -> Edit { Edit(path: path, action: .insert(key: key, value, after: after)) }

  /// Adds an item to the list at `path`, also where the list is empty or its key is missing.
  package static func append(_ value: YAMLValue, to path: [PathStep]) -> Edit {
    Edit(path: path, action: .append(.value(value)))
  }

  /// Adds an item that is already YAML: its lines stand in the file as they are, indented behind the dash.
  package static func append(lines: [String], to path: [PathStep]) -> Edit {
    Edit(path: path, action: .append(.lines(lines)))
  }
}

/// Why an edit was not made; the document stays as it is.
package struct EditError: Error, Hashable, CustomStringConvertible {
  /// Where the edit was to happen.
  package let location: SourceLocation
  /// What stands against it.
  package let message: String

  package var description: String { "\(location): \(message)" }
}

/// The document's bytes with the edits made one after the other. Each result is read again and compared node by node with what
/// was there: unless exactly the intended nodes differ, nothing is returned.
package func apply(edits: [Edit], to document: Document) throws(EditError) -> [UInt8] {
  var document = document
  guard document.arena.isYAML else {
    throw EditError(location: document.root.location, message: "only YAML can be edited")
  }
  for edit in edits {
    do {
      document = try edit.applied(to: document)
    } catch {
      // A block of text at the end of a file without a final line break would lose its own.
      guard let quoted = edit.withoutBlocks, let after = try? quoted.applied(to: document) else { throw error }
      document = after
    }
  }
  return document.bytes
}

extension Edit {
  fileprivate var withoutBlocks: Edit? {
    switch action {
    case .set(let value): Edit(path: path, action: .set(value.withoutBlocks))
    case .insert(let key, let value, let after):
      Edit(path: path, action: .insert(key: key, value.withoutBlocks, after: after))
    case .append(.value(let value)): Edit(path: path, action: .append(.value(value.withoutBlocks)))
    case .append(.lines): nil
    }
  }

  /// The edited node, or the innermost one around it that is there.
  private func nearest(in document: Document) -> Node {
    var node = document.root
    for step in path {
      switch step {
      case .key(let key):
        guard let next = node[key] else { return node }
        node = next
      case .index(let index):
        guard node.elements.indices.contains(index) else { return node }
        node = node.elements[index]
      }
    }
    return node
  }

  fileprivate func applied(to document: Document) throws(EditError) -> Document {
    var bytes = document.bytes
    let splices = try Splicer(document, edit: self).splices()
    // From the back, so that places stay right; of two at one place the second goes behind the first.
    let ordered = splices.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) > ($1.element.range.lowerBound, $1.offset)
    }
    for (_, splice) in ordered { bytes.replaceSubrange(splice.range, with: splice.text.utf8) }
    let (after, diagnostics) = document.reread(bytes)
    let refuse = { (why: String) in
      EditError(location: nearest(in: document).location, message: "the edit cannot be made safely: \(why)")
    }
    if let worst = diagnostics.first { throw refuse("\(worst.message) (line \(worst.location.line) afterwards)") }
    guard let after else { throw refuse("the result cannot be read") }
    guard try EditProof(self).holds(document.root, after.root, path[...]) else {
      throw refuse("more than the intended value would change")
    }
    return after
  }
}

extension Document {
  /// Other bytes of the same file.
  func reread(_ bytes: [UInt8]) -> (document: Document?, diagnostics: [Diagnostic]) {
    if arena.format == .frontMatter {
      let read = FrontMatter.read(bytes, path: path, limits: arena.limits)
      return (read.frontMatter?.document, read.diagnostics)
    }
    return Document.yaml(bytes, path: path, limits: arena.limits)
  }
}
