import Base
import Documents

/// A part of a file with its format.
struct InventoryPart: Sendable {
  /// The place in `InventoryFormat.all`.
  let rank: Int
  let content: InventoryContent
  private(set) var file = 0

  init(rank: Int, content: InventoryContent) {
    self.rank = rank
    self.content = content
  }

  func inFile(_ number: Int) -> InventoryPart {
    var copy = self
    copy.file = number
    return copy
  }
}

/// The parts of a file whose kind is known, and what is wrong with the rest.
func recogniseParts(of file: InventoryFile, forced: String?) -> (parts: [InventoryPart], diagnostics: [Diagnostic]) {
  var recognition = Recognition(path: file.path, forced: forced)
  recognition.recognise(file.bytes)
  return (recognition.parts, recognition.diagnostics)
}

private struct Recognition {
  let path: String
  let forced: String?
  private(set) var parts: [InventoryPart] = []
  private(set) var diagnostics: [Diagnostic] = []

  init(path: String, forced: String?) {
    self.path = path
    self.forced = forced
  }

  mutating func recognise(_ bytes: [UInt8]) {
    guard let first = bytes.first(where: { $0 > 0x20 && ![0xEF, 0xBB, 0xBF].contains($0) }) else {
      return refuse(.path(path), "the file is empty", hint: "the export may have failed")
    }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return recogniseText(bytes) }
    let (document, problems) = Document.json(bytes, path: path)
    guard let document else { return recogniseLines(bytes, problems) }
    diagnostics += problems
    recognise(document.root)
  }

  /// One value a line, as `jq -c` prints them; the problems of the whole text stay when that does not help.
  private mutating func recogniseLines(_ bytes: [UInt8], _ problems: [Diagnostic]) {
    let (document, others) = Document.jsonLines(bytes, path: path)
    guard let document, document.unreadableLines == 0, document.roots.count > 1 else { return diagnostics += problems }
    diagnostics += others
    for root in document.roots { recognise(root) }
  }

  private mutating func recogniseText(_ bytes: [UInt8]) {
    let content = InventoryContent.text(bytes: bytes, path: path)
    if take(content) { return }
    let start = String(decoding: bytes.prefix(400), as: UTF8.self)
    if start.contains("An error occurred") {
      refuse(.path(path), "the export is an error message: \(start.firstLine)", hint: "export it again")
    } else {
      refuse(
        .path(path), "neither JSON nor a credential report", hint: "known: \(inventoryFormats.joined(separator: ", "))")
    }
  }

  private mutating func recognise(_ root: Node) {
    switch root.kind {
    case .sequence:
      // Pages in one list, as `jq -s` gives them.
      let elements = root.elements
      if elements.isEmpty { refuse(.node(root), "the list is empty", hint: "nothing tells what it is a list of") }
      var refused = false
      for element in elements where !recognise(object: element, depth: 0) {
        if !refused { refuse(unknown: element) }
        refused = true
      }
    case .mapping: if !recognise(object: root, depth: 0) { refuse(unknown: root) }
    default: refuse(.node(root), "expected an object or a list of objects, found a \(root.kind)", hint: "")
    }
  }

  /// Looks one and two levels down as well: tools wrap what the vendor's command printed.
  private mutating func recognise(object: Node, depth: Int) -> Bool {
    guard object.kind == .mapping else { return false }
    if take(.json(object)) { return true }
    guard depth < 2, errorText(of: object) == nil, OtherLists.command(of: object) == nil else { return false }
    var found = false
    for member in object.members where member.value.kind == .mapping {
      found = recognise(object: member.value, depth: depth + 1) || found
    }
    return found
  }

  private mutating func take(_ content: InventoryContent) -> Bool {
    guard let rank = InventoryFormat.all.firstIndex(where: { $0.recognises(content) }) else { return false }
    let name = InventoryFormat.all[rank].name
    if let forced, forced != name {
      refuse(content.place, "this is \(name), the source is said to be \(forced)", hint: "change `format` or the path")
      return true
    }
    parts.append(InventoryPart(rank: rank, content: content))
    return true
  }

  private mutating func refuse(unknown node: Node) {
    if let error = errorText(of: node) {
      return refuse(.node(node), "the export is the error of a failed call: \(error)", hint: "export it again")
    }
    let (name, command) = OtherLists.recognise(node)
    if let command {
      return refuse(.node(node), "this is another kind of list: \(command)", hint: OtherLists.hint)
    }
    refuse(.node(node), "this is no inventory export that is known here: \(name)", hint: OtherLists.hint)
  }

  private mutating func refuse(_ place: Place, _ message: String, hint: String) {
    diagnostics.append(Diagnostic(.unreadable, at: place.location, message.escapedOnOneLine, hint: hint))
  }

  /// What an error object says: the shapes in which vendors' tools print a refused call.
  private func errorText(of node: Node) -> String? {
    if let error = node["Error"] ?? node["error"] ?? node["errors"]?.elements.first, error.kind != .null {
      let code = error["Code"] ?? error["code"] ?? error["status"]
      let message = error["Message"] ?? error["message"] ?? node["error_description"]
      let words = [code?.text, message?.text, error.text].compactMap(\.self)
      return words.isEmpty ? "no reason given" : words.joined(separator: ": ")
    }
    guard let type = node["__type"]?.text ?? node["errorCode"]?.text else { return nil }
    return [type, node["message"]?.text ?? node["Message"]?.text].compactMap(\.self).joined(separator: ": ")
  }
}

extension String {
  fileprivate var firstLine: String {
    String(split(whereSeparator: \.isNewline).first { $0.contains("An error occurred") } ?? "")
  }
}
