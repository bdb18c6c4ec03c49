import Base
import Documents
import Model

// Model Context Protocol: what an agent's host starts or calls (`claude_desktop_config.json`, `.mcp.json`, `.vscode/mcp.json`, …), the
// tools that a server lists (`tools/list`), bundles (`manifest.json`). Values of `env` and `headers` are secrets: only names are kept.
// Arguments are not kept at all, as tokens stand among them.

extension InventoryFormat {
  static let mcpServers = InventoryFormat(
    name: "mcp-servers",
    recognises: { content in
      if content.object?["mcpServers"]?.kind == .mapping { return true }
      guard let servers = content.object?["servers"], servers.kind == .mapping, let first = servers.members.first?.value
      else { return false }
      return first["command"] != nil || first["url"] != nil
    },
    read: { content, reading in reading.readMCPServers(content) })

  /// `{"tools": [{"name": …, "inputSchema": …}]}`, with the server's name where a client adds it.
  static let mcpTools = InventoryFormat(
    name: "mcp-tools",
    recognises: { $0.object?["tools"]?.elements.first.map { $0["inputSchema"] != nil } ?? false },
    read: { content, reading in reading.readMCPTools(content) })

  /// A bundle's manifest (`manifest.json` of `.mcpb` and `.dxt`).
  static let mcpBundles = InventoryFormat(
    name: "mcp-bundle",
    recognises: { $0.hasKey("manifest_version", "dxt_version") && $0.object?["server"]?.kind == .mapping },
    read: { content, reading in reading.readMCPBundle(content) })
}

private let unknowableOfServers = [
  "created", "credentials.lastUsed", "lastUsed", "owners", "trusts", "uniqueID",
]

extension InventoryReading {
  /// `mcp:<host>/<server>` where the source covers one host (`covers: ["mcp:laptop-7"]`), else `mcp:<server>`.
  private func server(_ name: String, unknowable: [String]) -> IdentityFact {
    let host = coveredAccount(of: "mcp").map { "\($0)/" } ?? ""
    return identity("mcp:\(host)\(name)", .agent, name, unknowable: unknowableOfServers + unknowable)
  }

  fileprivate mutating func readMCPServers(_ content: InventoryContent) {
    guard let object = content.object, let servers = object.value("mcpServers", "servers") else { return }
    let inputs = (object["inputs"]?.elements ?? []).filter { $0["password"]?.isTrue == true }.compactMap {
      $0.text("id")
    }
    for (key, value) in servers.members {
      guard let name = key.text, !name.isEmpty, value.kind == .mapping else {
        refuse(.node(value), "expected a server with `command` or `url`, found a \(value.kind)")
        continue
      }
      var fact = server(name, unknowable: [])
      fact.isEnabled = value["disabled"].map { !$0.isTrue } ?? value["enabled"].map(\.isTrue)
      describe(value, into: &fact)
      let names = ["env", "headers", "requestInit"].flatMap { secretNames(value[$0]) }
      let asked = inputs.filter { value.rawText.contains("${input:\($0)}") }
      for secret in Set(names + asked).sorted() {
        let credential = CredentialFact(id: "\(name)/\(secret)", kind: "secret", status: .active)
        fact.credentials.append(credential)
        fact.links.append(LinkFact(.holds, to: secret, via: "mcp server \(name)"))
      }
      readTools(of: value, into: &fact)
      complete(fact, at: .node(value))
    }
  }

  /// How the server runs: the program's own name or the host, never the arguments.
  private func describe(_ value: Node, into fact: inout IdentityFact) {
    if let command = value.text("command") {
      let program = command.split(separator: " ").first?.split(separator: "/").last.map(String.init) ?? command
      fact.tags.append(Tag(key: "mcp:command", value: program))
    }
    if let url = value.text("url", "serverUrl", "httpUrl"), let host = host(of: url) {
      fact.tags.append(Tag(key: "mcp:host", value: host))
    }
    if let type = value.text("type", "transport") { fact.tags.append(Tag(key: "mcp:type", value: type)) }
    fact.tags.sort()
  }

  private func secretNames(_ node: Node?) -> [String] {
    (node?.members ?? []).compactMap { $0.value.kind == .mapping ? nil : $0.key.text }.filter { name in
      let words = name.uppercased()
      return ["KEY", "TOKEN", "SECRET", "PASS", "AUTH", "CREDENTIAL", "DSN", "COOKIE", "PAT"].contains {
        words.contains($0)
      } && !words.hasSuffix("PATH")
    }
  }

  /// Tools that need no further word, and those that the server is limited to; without such lists only the server itself knows.
  private func readTools(of value: Node, into fact: inout IdentityFact) {
    let named = ["tools", "includeTools", "allowedTools", "enabledTools"].flatMap { value[$0]?.texts ?? [] }
    let approved = ["alwaysAllow", "autoApprove", "trustedTools"].flatMap { value[$0]?.texts ?? [] }
    let refused = ["disabledTools", "excludeTools"].flatMap { value[$0]?.texts ?? [] }
    if !approved.isEmpty {
      fact.grants.append(
        GrantFact(effect: .allow, actions: approved.sorted(), resources: ["*"], via: "auto-approved"))
    }
    if !named.isEmpty {
      fact.grants.append(GrantFact(effect: .allow, actions: named.sorted(), resources: ["*"], via: "tools"))
    } else {
      fact.grants.append(GrantFact(effect: .allow, actions: [], resources: [], via: "server:\(fact.name)"))
      fact.mark(unknowable: "grants")
    }
    if !refused.isEmpty {
      fact.grants.append(GrantFact(effect: .deny, actions: refused.sorted(), resources: ["*"], via: "disabled-tools"))
    }
    fact.unknowable.sort()
  }

  fileprivate mutating func readMCPTools(_ content: InventoryContent) {
    guard let object = content.object else { return }
    let file = content.path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? content.path
    let outer = content.enclosing.reversed().compactMap {
      $0.object["serverInfo"]?.text("name") ?? $0.object.text("server")
    }
    let wrapper = content.enclosing.last.flatMap { ["result", "response"].contains($0.name) ? nil : $0.name }
    let name = object["serverInfo"]?.text("name") ?? object.text("server") ?? outer.first ?? wrapper ?? file
    var fact = server(name, unknowable: ["credentials", "isEnabled", "tags"])
    let tools = (object["tools"]?.elements ?? []).compactMap { $0.text("name") }.sorted()
    fact.grants = [GrantFact(effect: .allow, actions: tools, resources: ["*"], via: "tools")]
    complete(fact, at: content.place)
    // What the host's list could not say.
    update(fact.principal) { $0.grants.removeAll { $0.isOpaque } }
  }

  fileprivate mutating func readMCPBundle(_ content: InventoryContent) {
    guard let object = content.object, let name = require(object, "name", of: "the bundle") else { return }
    var fact = server(name, unknowable: ["isEnabled"])
    let configuration = object["server"]?["mcp_config"]
    if let configuration { describe(configuration, into: &fact) }
    let asked = (object["user_config"]?.members ?? []).filter { $0.value["sensitive"]?.isTrue == true }
    for secret in Set(secretNames(configuration?["env"]) + asked.compactMap { $0.key.text }).sorted() {
      fact.credentials.append(CredentialFact(id: "\(name)/\(secret)", kind: "secret", status: .unknown))
    }
    let tools = (object["tools"]?.elements ?? []).compactMap { $0.text("name") }.sorted()
    fact.grants = [GrantFact(effect: .allow, actions: tools, resources: ["*"], via: "tools")]
    if tools.isEmpty || object["tools_generated"]?.isTrue == true { fact.mark(unknowable: "grants") }
    fact.owners = [object["author"]?.text("email", "name")].compactMap(\.self)
    fact.unknowable.sort()
    complete(fact, at: content.place)
  }
}

/// The host of an address, without user, port, path and query: secrets stand there.
func host(of url: String) -> String? {
  guard let start = url.firstRange(of: "://") else { return nil }
  let authority = url[start.upperBound...].prefix { !"/?#".contains($0) }
  let host = authority.split(separator: "@").last?.prefix { $0 != ":" }
  return host.flatMap { $0.isEmpty ? nil : $0.lowercased() }
}
