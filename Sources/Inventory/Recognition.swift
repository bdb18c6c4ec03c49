import Base
import Documents

/// A part of a file with its format.
struct InventoryPart: Sendable {
  /// The place in `InventoryFormat.all`.
  let rank: Int
  let content: InventoryContent
  var file = 0
}

/// The parts of a file whose kind is known, and what is wrong with the rest.
struct Recognised: Sendable {
  fileprivate(set) var parts: [InventoryPart] = []
  fileprivate(set) var diagnostics: [Diagnostic] = []
  /// Records whose kind is not known, and lines that are no JSON.
  fileprivate(set) var unreadable: UInt64 = 0

  fileprivate init() {}

  init(_ file: InventoryFile, forced: String?) {
    var recognition = Recognition(path: file.path, forced: forced)
    // Windows PowerShell's `>` writes UTF-16.
    recognition.recognise(utf8(ofUTF16: file.bytes) ?? file.bytes)
    self = recognition.result
  }
}

/// How deep below the top of a file parts are looked for: tools wrap what the vendor's command printed.
private let deepest = 3

private struct Recognition {
  let path: String
  let forced: String?
  private(set) var result = Recognised()
  /// The kind of the part before: of a long list, nearly always the kind of the next one too.
  private var latest: Int?

  init(path: String, forced: String?) {
    self.path = path
    self.forced = forced
  }

  private static let unknown =
    "leave it out of the source's `path`, or describe it in a mapping file: `format: FILE.yaml`; README.md tells what is known"

  mutating func recognise(_ bytes: [UInt8]) {
    guard let first = bytes.first(where: { $0 > 0x20 && ![0xEF, 0xBB, 0xBF].contains($0) }) else {
      return refuse(.path(path), "the file is empty", hint: "the export may have failed")
    }
    // The escape that begins a colour is a control character, which the line above skips.
    guard bytes.first != 0x1B, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
      return recogniseText(bytes)
    }
    let (document, problems) = Document.json(bytes, path: path)
    guard let document else { return recogniseLines(bytes, problems) }
    result.diagnostics += problems
    recognise(top: document.root)
  }

  /// One value a line, as `jq -c` prints them; the problems of the whole text stay when that does not help.
  private mutating func recogniseLines(_ bytes: [UInt8], _ problems: [Diagnostic]) {
    let (document, others) = Document.jsonLines(bytes, path: path)
    guard let document, document.roots.count > 1, document.roots.contains(where: { $0.kind == .mapping }) else {
      return recogniseSequence(bytes, problems)
    }
    result.diagnostics += others
    result.unreadable += UInt64(document.unreadableLines)
    for root in document.roots { recognise(top: root) }
  }

  /// One value behind the other, as programs print pages (`gh api --paginate`).
  private mutating func recogniseSequence(_ bytes: [UInt8], _ problems: [Diagnostic]) {
    let ranges = valueRanges(bytes)
    guard ranges.count > 1 else { return result.diagnostics += problems }
    // Each is read by itself for the sake of its place and of the others; of many pages that would take the square of their size.
    if ranges.count > 64 || ranges.count * bytes.count > 1 << 30 { return recognisePages(ranges.map { bytes[$0] }) }
    for range in ranges {
      // Blanks before it keep the places what they are in the file.
      let blanks = bytes[..<range.lowerBound].map { $0 == 0x0A ? $0 : 0x20 }
      let (document, problems) = Document.json(blanks + bytes[range], path: path)
      result.diagnostics += problems
      if let document { recognise(top: document.root) } else { result.unreadable += 1 }
    }
  }

  /// Many values behind one another, as one list; columns are those of the list.
  private mutating func recognisePages(_ pages: [ArraySlice<UInt8>]) {
    let list = [UInt8(ascii: "[")] + pages.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
    let (document, problems) = Document.json(list, path: path)
    result.diagnostics += problems
    if let document { recognise(top: document.root) }
  }

  /// Where objects and lists that stand side by side begin and end.
  private func valueRanges(_ bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var (depth, start, isText, isEscaped) = (0, 0, false, false)
    for (index, byte) in bytes.enumerated() {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else {
          isText = byte != UInt8(ascii: "\"")
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 0 { start = index }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { ranges.append(start..<index + 1) }
        if depth < 0 { return [] }
      default: if depth == 0 && byte > 0x20 { return [] }
      }
    }
    return depth == 0 ? ranges : []
  }

  private mutating func recogniseText(_ bytes: [UInt8]) {
    if take(InventoryContent(value: .text(bytes), path: path)) { return }
    let start = String(decoding: bytes.prefix(400), as: UTF8.self)
    if start.contains("An error occurred") || start.contains(" (HTTP 4") || start.contains(" (HTTP 5")
      || ["ERROR:", "Error", "error:", "Unable to connect"].contains(where: start.hasPrefix)
    {
      return refuse(.path(path), "the export is an error message: \(start.firstLine)", hint: "export it again")
    }
    let (documents, problems) = Document.yamlStream(bytes, path: path, limits: .exports)
    let roots = documents.map(\.root).filter { $0.kind != .null }
    if roots.contains(where: { $0.kind == .mapping || $0.kind == .sequence }) {
      result.diagnostics += problems
      for root in roots { recognise(top: root) }
    } else if let (what, hint) = ForeignText.name(of: bytes, start) {
      refuse(.path(path), "this is \(what)", hint: hint)
    } else {
      refuse(
        .path(path), "neither JSON nor YAML nor a text that is known here",
        hint: Recognition.unknown)
    }
  }

  private mutating func recognise(top root: Node) {
    switch root.kind {
    case .sequence:
      if root.count == 0 {
        result.diagnostics.append(Diagnostic(.warning, at: root.location, "the list is empty: it shows nothing"))
      }
      _ = recognise(list: root, in: [], isTop: true)
    case .mapping:
      if !recognise(object: root, in: []) { refuse(unknown: root) }
    default: refuse(.node(root), "expected an object or a list of objects, found a \(root.kind)", hint: "")
    }
  }

  /// The elements of a list. At the top of a file, and beside elements that are known, each other one is told: the first by what it
  /// is, all of them in the count.
  private mutating func recognise(
    list: Node, in enclosing: [(object: Node, name: String)], isTop: Bool = false
  ) -> Bool {
    var unknown: [Node] = []
    var found = false
    for element in list.elements {
      // Pages in pages, as `gh api --slurp` puts them.
      if element.kind == .sequence {
        found = recognise(list: element, in: enclosing, isTop: isTop) || found
      } else if recognise(object: element, in: enclosing, page: enclosing.last?.object, isElement: true) {
        found = true
      } else {
        unknown.append(element)
      }
    }
    guard let first = unknown.first, isTop || found else { return found }
    refuse(unknown: first, alike: unknown.count)
    return found
  }

  private mutating func recognise(
    object: Node, in enclosing: [(object: Node, name: String)], page: Node? = nil, isElement: Bool = false
  ) -> Bool {
    guard object.kind == .mapping else { return false }
    var content = InventoryContent(value: .object(object), path: path, page: page ?? object, enclosing: enclosing)
    content.isElement = isElement
    if take(content) { return true }
    guard enclosing.count < deepest, errorText(of: object) == nil else { return false }
    var found = false
    for member in object.members where member.value.kind == .mapping || member.value.kind == .sequence {
      let inside = enclosing + [(object, member.key.text ?? "")]
      if member.value.kind == .mapping {
        found = recognise(object: member.value, in: inside) || found
      } else {
        found = recognise(list: member.value, in: inside) || found
      }
    }
    return found || object.isEmptyList
  }

  private mutating func take(_ content: InventoryContent) -> Bool {
    let formats = InventoryFormat.all
    var rank = latest.flatMap { formats[$0].recognises(content) ? $0 : nil }
    rank = rank ?? formats.firstIndex { $0.recognises(content) }
    guard let rank else { return false }
    // The last kind takes what nobody else does: it must not be asked first.
    latest = rank == formats.count - 1 ? nil : rank
    let name = formats[rank].name
    if let forced, forced != name {
      refuse(content.place, "this is \(name), the source is said to be \(forced)", hint: "change `format` or the path")
      return true
    }
    result.parts.append(InventoryPart(rank: rank, content: content))
    return true
  }

  private mutating func refuse(unknown node: Node, alike count: Int = 1) {
    result.unreadable += UInt64(count)
    let more = count > 1 ? " (and \(count - 1) more in the list)" : ""
    if let error = errorText(of: node) {
      return refuse(.node(node), "the export is the error of a failed call: \(error)\(more)", hint: "export it again")
    }
    let keys = node.members.compactMap(\.key.text)
    let shown = keys.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
    let name =
      node.kind != .mapping
      ? "a \(node.kind)" : keys.isEmpty ? "an empty object" : "its keys are \(shown)\(keys.count > 5 ? ", …" : "")"
    refuse(
      .node(node), "this is no inventory export that is known here: \(name)\(more)",
      hint: Recognition.unknown)
  }

  private mutating func refuse(_ place: Place, _ message: String, hint: String) {
    result.diagnostics.append(Diagnostic(.unreadable, at: place.location, message.escapedOnOneLine, hint: hint))
  }

  /// What an error object says: the shapes in which vendors' tools print a refused call.
  private func errorText(of node: Node) -> String? {
    if node["errors"]?.kind == .sequence, node["errors"]?.count == 0, node.count == 1 { return "no reason given" }
    if let error = node["Error"] ?? node["error"] ?? node["errors"]?.elements.first, error.kind != .null {
      let code = error["Code"] ?? error["code"] ?? error["status"]
      let message = error["Message"] ?? error["message"] ?? node["error_description"]
      let words = [code?.text, message?.text, error.text].compactMap(\.self)
      return words.isEmpty ? "no reason given" : words.joined(separator: ": ")
    }
    // Kubernetes prints a `Status`, GitHub a message with a link, Okta an `errorSummary`.
    if node["kind"]?.text == "Status", let message = node["message"]?.text { return message }
    if node["documentation_url"] != nil, let message = node["message"]?.text { return message }
    // GitLab and others print a message alone, or one with a number.
    let words: Set<String> = ["message", "status", "code", "reason", "request_id", "details"]
    if let message = node["message"]?.text, node.members.allSatisfy({ words.contains($0.key.text ?? "") }) {
      return message
    }
    if let fault = node["fault"]?["faultstring"]?.text { return fault }
    guard let type = node["__type"]?.text ?? node["errorCode"]?.text ?? node["error_code"]?.text else { return nil }
    let message = node["message"] ?? node["Message"] ?? node["errorSummary"]
    return [type, message?.text].compactMap(\.self).joined(separator: ": ")
  }
}

extension Node {
  /// Whether it is a list without elements, as `{"items": []}` and its kin: nothing is in it, and nothing is lost.
  fileprivate var isEmptyList: Bool {
    // GitHub counts its lists.
    if self["total_count"]?.text == "0" { return true }
    let lists = [
      "items", "value", "data", "results", "accounts", "entries", "findings", "associations", "trustAnchors",
      "profiles",
      "subjects", "Accounts", "SecretList", "CertificateSummaryList", "ServerCertificateMetadataList", "SSHPublicKeys",
      "OpenIDConnectProviderList", "SAMLProviderList", "MFADevices", "Certificates", "ServiceSpecificCredentials",
      "InstanceProfiles", "EntityDetailsList",
    ].compactMap { self[$0] }
    return lists.contains { $0.kind == .sequence && $0.count == 0 }
  }
}

extension String {
  fileprivate var firstLine: String {
    let lines = split(whereSeparator: \.isNewline)
    return String(lines.first { $0.contains("An error occurred") } ?? lines.first ?? "")
  }
}
