import Base

/// Compares a document before and after an edit.
struct EditProof {
  private let action: Edit.Action
  /// The item that raw lines stand for, read on their own.
  private var lines: Node?

  init(_ edit: Edit) throws(EditError) {
    action = edit.action
    guard case .append(.lines(let lines)) = action else { return }
    let text = lines.map { $0 + "\n" }.joined()
    let (document, diagnostics) = Document.yaml(Array(text.utf8), path: "item")
    guard let document, diagnostics.isEmpty else {
      throw EditError(
        location: SourceLocation(path: "item"), message: diagnostics.first?.message ?? "the item is not YAML")
    }
    self.lines = document.root
  }

  /// Whether the nodes differ as the edit intends at `path` and nowhere else.
  func holds(_ old: Node, _ new: Node, _ path: ArraySlice<PathStep>) -> Bool {
    guard let step = path.first else { return isTarget(old, new) }
    let rest = path.dropFirst()
    switch step {
    case .index(let index):
      return old.kind == .sequence && new.kind == .sequence && old.count == new.count
        && zip(old.elements, new.elements).enumerated().allSatisfy { at, pair in
          at == index ? holds(pair.0, pair.1, rest) : isSame(pair.0, pair.1)
        }
    case .key(let key):
      let (before, after) = (old.members, new.members)
      guard old[key] != nil else { return rest.isEmpty && isAdded(before, after, key: key) }
      return before.count == after.count
        && zip(before, after).allSatisfy { a, b in
          isSame(a.key, b.key) && (a.key.text == key ? holds(a.value, b.value, rest) : isSame(a.value, b.value))
        }
    }
  }

  private func isTarget(_ old: Node, _ new: Node) -> Bool {
    switch action {
    case .set(let value): return value.matches(new)
    case .append:
      let (before, after) = (old.elements, new.elements)
      guard new.kind == .sequence, after.count == before.count + 1, let last = after.last else { return false }
      return zip(before, after).allSatisfy(isSame) && isItem(last)
    case .insert(let key, let value, let previous):
      var after = new.members
      let at = previous.flatMap { name in after.firstIndex { $0.key.text == name } }.map { $0 + 1 } ?? after.count - 1
      guard new.kind == .mapping, after.indices.contains(at) else { return false }
      let added = after.remove(at: at)
      return added.key.text == key && value.matches(added.value) && isSame(old.members, after)
    }
  }

  /// Whether the last member is the new one: what was set or appended had no key before.
  private func isAdded(_ before: [(key: Node, value: Node)], _ after: [(key: Node, value: Node)], key: String) -> Bool {
    guard after.count == before.count + 1, let last = after.last, last.key.text == key else { return false }
    guard isSame(before, after.dropLast()) else { return false }
    switch action {
    case .set(let value): return value.matches(last.value)
    case .append: return last.value.elements.count == 1 && last.value.elements.allSatisfy(isItem)
    case .insert: return false
    }
  }

  private func isItem(_ node: Node) -> Bool {
    switch action {
    case .append(.value(let value)): value.matches(node)
    case .append(.lines): lines.map { isSame($0, node) } ?? false
    case .set, .insert: false
    }
  }

  private func isSame(_ a: [(key: Node, value: Node)], _ b: [(key: Node, value: Node)]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isSame($0.key, $1.key) && isSame($0.value, $1.value) }
  }

  private func isSame(_ a: Node, _ b: Node) -> Bool {
    guard a.kind == b.kind, a.record.style == b.record.style else { return false }
    switch a.kind {
    case .sequence: return a.count == b.count && zip(a.elements, b.elements).allSatisfy(isSame)
    case .mapping: return isSame(a.members, b.members)
    default: return (a.text ?? "").utf8.elementsEqual((b.text ?? "").utf8)
    }
  }
}
