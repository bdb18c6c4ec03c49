import Base
import Documents
import Model

extension InventoryFormat {
  /// `spire-server entry show -output json`: registration entries.
  static let spireEntries = InventoryFormat(
    name: "spire-entries",
    recognises: { $0.hasKeys("spiffe_id", "parent_id", "selectors") },
    read: { content, reading in
      guard let node = content.object else { return }
      func id(_ key: String) -> String? {
        if let text = node[key]?.text { return text }
        guard let domain = node[key]?["trust_domain"]?.text else { return nil }
        return "spiffe://\(domain)\(node[key]?["path"]?.text ?? "")"
      }
      var entry = SpireJoins.Entry(id: node["id"]?.text ?? "", place: content.place)
      (entry.identity, entry.parent) = (id("spiffe_id") ?? "", id("parent_id") ?? "")
      entry.selectors = AWSFields.list(node["selectors"]).map { "\($0["type"]?.text ?? ""):\($0["value"]?.text ?? "")" }
      entry.expires = reading.seconds(node["expires_at"])
      entry.created = reading.seconds(node["created_at"])
      entry.isAdmin = node["admin"]?.bool ?? false
      entry.isDownstream = node["downstream"]?.bool ?? false
      entry.federated = AWSFields.list(node["federates_with"]).compactMap(\.text)
      reading.take(entry)
    })

  /// `spire-server entry show`: the same as a text.
  static let spireText = InventoryFormat(
    name: "spire-entries-text",
    recognises: { content in
      guard let text = content.text else { return false }
      let start = String(decoding: text.prefix(400), as: UTF8.self)
      return start.contains("Entry ID") && start.contains("SPIFFE ID")
    },
    read: { content, reading in
      guard let bytes = content.text else { return }
      reading.readSpireText(String(decoding: bytes, as: UTF8.self), path: content.path)
    })
}

/// Entries of SPIRE; several may give one identity.
struct SpireJoins {
  struct Entry {
    var id: String
    var place: Place
    var identity = ""
    var parent = ""
    var selectors: [String] = []
    var federated: [String] = []
    var created: Instant?
    var expires: Instant?
    var isAdmin = false
    var isDownstream = false

    init(id: String, place: Place) { (self.id, self.place) = (id, place) }
  }

  var entries: [Entry] = []
}

extension InventoryReading {
  /// Seconds since 1970, a number or a text; 0 is none.
  fileprivate mutating func seconds(_ node: Node?) -> Instant? { node?.text == "0" ? nil : readInstant(node) }

  fileprivate mutating func take(_ entry: SpireJoins.Entry) {
    guard entry.identity.hasPrefix("spiffe://"), !entry.id.isEmpty else {
      return refuse(entry.place, "the entry `\(entry.id)` has no SPIFFE ID")
    }
    spire.entries.append(entry)
    countUsed()
  }

  fileprivate mutating func readSpireText(_ text: String, path: String) {
    var entry: SpireJoins.Entry?
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = line[..<colon].trimmed
      let value = String(line[line.index(after: colon)...].trimmed)
      if key == "Entry ID" {
        if let entry { take(entry) }
        entry = .init(id: value, place: .at(SourceLocation(path: path, line: number + 1, column: 1)))
      }
      switch key {
      case "SPIFFE ID": entry?.identity = value
      case "Parent ID": entry?.parent = value
      case "Selector": entry?.selectors.append(value)
      case "FederatesWith": entry?.federated.append(value)
      case "Admin": entry?.isAdmin = value == "true"
      case "Downstream": entry?.isDownstream = value == "true"
      case "Expiration time":
        // `2019-03-12 17:04:26 +0000 UTC`, as Go prints times.
        let words = value.split(separator: " ")
        entry?.expires = words.count > 1 ? Instant("\(words[0])T\(words[1])Z") : nil
      default: break
      }
    }
    if let entry { take(entry) }
  }

  /// An identity with its entries: each says from where, and by which selectors, a workload gets it.
  mutating func joinSpire() {
    for entry in spire.entries {
      let principal = PrincipalKey(entry.identity)
      if fact(of: principal) == nil {
        var identity = IdentityFact(
          principal: principal, kind: .serviceAccount, name: entry.identity, source: source.name)
        identity.isEnabled = true
        identity.unknowable = ["created", "credentials.lastUsed", "grants", "lastUsed", "uniqueID"]
        insert(identity, at: entry.place)
      }
      var credential = CredentialFact(id: entry.id, kind: "registration-entry", status: .active)
      (credential.created, credential.expires) = (entry.created, entry.expires)
      credential.neverExpires = entry.expires == nil
      let trust = TrustFact(
        effect: .allow, principals: [entry.parent], actions: ["spire:attest"], condition: entry.condition)
      update(principal) { identity in
        if let index = identity.credentials.firstIndex(where: { $0.id == credential.id }) {
          _ = identity.credentials[index].complete(with: credential)
        } else {
          identity.credentials.append(credential)
        }
        if !identity.trusts.contains(trust) { identity.trusts.append(trust) }
        identity.tags = Set(identity.tags + entry.tags).sorted()
        identity.credentials.sort { $0.id < $1.id }
      }
    }
  }
}

extension SpireJoins.Entry {
  /// The selectors, all of which must hold, as JSON.
  fileprivate var condition: String? {
    if selectors.isEmpty { return nil }
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("selectors")
      writer.array { for selector in selectors.sorted() { $0.string(selector) } }
    }
    return writer.text
  }

  fileprivate var tags: [Tag] {
    var tags = federated.map { Tag(key: "muster:federates-with", value: $0) }
    if isAdmin { tags.append(Tag(key: "muster:spire", value: "admin")) }
    if isDownstream { tags.append(Tag(key: "muster:spire", value: "downstream")) }
    return tags
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var rest = drop { $0 == " " || $0 == "\t" }
    while let last = rest.last, last == " " || last == "\t" || last == "\r" { rest.removeLast() }
    return rest
  }
}
