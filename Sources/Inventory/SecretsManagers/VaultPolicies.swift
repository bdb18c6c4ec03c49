import Base
import Documents
import Model

extension InventoryFormat {
  /// A policy as `vault policy read NAME` prints it: HCL, or the same in JSON. Its name is the file's.
  static let vaultPolicy = InventoryFormat(
    name: "vault-policy",
    recognises: { content in
      if let text = content.text { return VaultPolicy.isPolicy(text) }
      guard let paths = content.object?["path"], paths.kind == .mapping else { return false }
      return paths.members.first?.value["capabilities"] != nil
    },
    read: { content, reading in
      let name = VaultPath(content).last
      switch content.value {
      case .text(let bytes):
        reading.readVaultPolicy(String(decoding: bytes, as: UTF8.self), name: name, at: content.place)
      case .object(let object):
        reading.take(
          VaultPolicy(
            rules: (object["path"]?.members ?? []).map { key, value in
              VaultPolicy.Rule(
                path: key.text ?? "", capabilities: AWSFields.list(value["capabilities"]).compactMap(\.text),
                conditions: VaultPolicy.conditions.filter { value[$0] != nil })
            }), name: name, at: content.place)
      }
    })
}

extension InventoryReading {
  mutating func readVaultPolicy(_ text: String, name: String, at place: Place) {
    guard let policy = VaultPolicy(text) else {
      return refuse(place, "the policy `\(name)` is neither HCL nor JSON that Vault would take")
    }
    take(policy, name: name, at: place)
  }

  fileprivate mutating func take(_ policy: VaultPolicy, name: String, at place: Place) {
    if vault.policies[name] != nil { return countDuplicate() }
    vault.policies[name] = policy
    countUsed()
  }
}

/// A policy of Vault (Vault documentation, "Policies"): what may be done at which paths.
struct VaultPolicy {
  struct Rule: Hashable {
    /// `*` at the end stands for the rest, `+` for one part.
    var path: String
    var capabilities: [String]
    /// Names of what narrows the rule further: parameters, control groups, factors.
    var conditions: [String] = []
  }

  var rules: [Rule]

  static let conditions = [
    "allowed_parameters", "control_group", "denied_parameters", "max_wrapping_ttl", "mfa_methods", "min_wrapping_ttl",
    "required_parameters",
  ]

  init(rules: [Rule]) { self.rules = rules }

  /// From HCL or JSON; `nil` where it is neither.
  init?(_ text: String) {
    if text.first(where: { !$0.isWhitespace }) == "{" {
      guard let root = Document.json(Array(text.utf8), path: "").document?.root, let paths = root["path"] else {
        return nil
      }
      rules = paths.members.map { key, value in
        Rule(
          path: key.text ?? "", capabilities: AWSFields.list(value["capabilities"]).compactMap(\.text),
          conditions: VaultPolicy.conditions.filter { value[$0] != nil })
      }
      return
    }
    var scanner = HCLScanner(text)
    guard let rules = scanner.rules() else { return nil }
    self.rules = rules
  }

  /// Whether a text begins as a policy does, after comments.
  static func isPolicy(_ bytes: [UInt8]) -> Bool {
    var scanner = HCLScanner(String(decoding: bytes.prefix(65_536), as: UTF8.self))
    guard scanner.next() == .word("path"), case .text = scanner.next(), scanner.next() == .mark("{") else {
      return false
    }
    return true
  }
}

/// The tokens of HCL that policies use.
struct HCLScanner {
  enum Token: Equatable {
    case word(String)
    case text(String)
    case mark(Character)
    case end
  }

  private let characters: [Character]
  private var at = 0

  init(_ text: String) { characters = Array(text) }

  /// The rules of a policy; `nil` where its syntax is broken.
  mutating func rules() -> [VaultPolicy.Rule]? {
    var rules: [VaultPolicy.Rule] = []
    while true {
      switch next() {
      case .end: return rules
      case .word("path"):
        guard case .text(let path) = next(), next() == .mark("{"), let rule = rule(path) else { return nil }
        rules.append(rule)
      case .word:
        // `name = "…"` of old policies.
        guard next() == .mark("="), case .text = next() else { return nil }
      default: return nil
      }
    }
  }

  private mutating func rule(_ path: String) -> VaultPolicy.Rule? {
    var rule = VaultPolicy.Rule(path: path, capabilities: [])
    while true {
      switch next() {
      case .mark("}"): return rule
      case .mark(","): continue
      case .word(let key), .text(let key):
        guard let values = value() else { return nil }
        if key == "capabilities" { rule.capabilities += values }
        if key == "policy" { rule.capabilities += values.flatMap(HCLScanner.capabilities) }
        if VaultPolicy.conditions.contains(key) { rule.conditions.append(key) }
      default: return nil
      }
    }
  }

  /// The texts of what follows a key: a text, a list, or a block, whose content is passed over.
  private mutating func value() -> [String]? {
    var token = next()
    if token == .mark("=") { token = next() }
    switch token {
    case .text(let text), .word(let text): return [text]
    case .mark("["), .mark("{"):
      var (texts, depth) = ([String](), 1)
      while depth > 0 {
        switch next() {
        case .text(let text): texts.append(text)
        case .mark("["), .mark("{"): depth += 1
        case .mark("]"), .mark("}"): depth -= 1
        case .end: return nil
        default: break
        }
      }
      return texts
    default: return nil
    }
  }

  /// The words of the first versions.
  private static func capabilities(_ word: String) -> [String] {
    switch word {
    case "read": ["read", "list"]
    case "write": ["create", "read", "update", "delete", "list"]
    case "sudo": ["create", "read", "update", "delete", "list", "sudo"]
    default: [word]
    }
  }

  mutating func next() -> Token {
    skip()
    guard at < characters.count else { return .end }
    let first = characters[at]
    if first == "\"" { return text() }
    if first.isLetter || first.isNumber || first == "_" {
      let start = at
      while at < characters.count, characters[at].isLetter || characters[at].isNumber || "_-.".contains(characters[at])
      {
        at += 1
      }
      return .word(String(characters[start..<at]))
    }
    at += 1
    return .mark(first)
  }

  private mutating func text() -> Token {
    var text = ""
    at += 1
    while at < characters.count, characters[at] != "\"" {
      if characters[at] == "\\", at + 1 < characters.count { at += 1 }
      text.append(characters[at])
      at += 1
    }
    guard at < characters.count else { return .end }
    at += 1
    return .text(text)
  }

  /// White space and comments.
  private mutating func skip() {
    while at < characters.count {
      let following = at + 1 < characters.count ? characters[at + 1] : " "
      if characters[at].isWhitespace || characters[at] == "\u{FEFF}" {
        at += 1
      } else if characters[at] == "#" || (characters[at] == "/" && following == "/") {
        while at < characters.count, !characters[at].isNewline { at += 1 }
      } else if characters[at] == "/" && following == "*" {
        at += 2
        while at < characters.count, !(characters[at] == "/" && characters[at - 1] == "*") { at += 1 }
        at = min(at + 1, characters.count)
      } else {
        return
      }
    }
  }
}
