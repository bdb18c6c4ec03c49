import Base
import Inventory
import Model
import TestSupport
import Testing

@Suite struct MappedInventoryTests {
  private func read(_ mapping: String, _ name: String, _ text: String) throws -> InventoryResult {
    let folder = try TemporaryFolder()
    let path = try folder.write("mapping.yaml", mapping)
    return readInventory(
      InventorySource(name: "badges", format: path), files: [InventoryFile(path: name, bytes: Array(text.utf8))])
  }

  private static let csv = """
    mapping: badges
    records: csv
    separator: ";"
    split: ","
    principal: "badge:{site}/{id}"
    kind: "{type}"
    kinds: {svc: service-account}
    name: "{label}"
    created: "{made}"
    enabled: "{state}"
    owner: "{owner}"
    tags: {site: "{site}"}
    skip: {type: human}
    credentials:
      id: "{id}"
      kind: token
      expires: "{ends}"
      status: "{state}"
    grants:
      actions: ["door:{doors}"]
      via: "badge:{id}"
    """

  @Test func readsATableAsTheMappingSays() throws {
    let text = """
      id;site;type;label;made;ends;state;owner;doors
      7;north;svc;Lift;2026-01-01;never;enabled;ana@acme.example;open,close
      8;north;human;Bo;2026-01-01;;enabled;;open
      9;;svc;Gate;2026-01-01;2027-01-01;disabled;;
      10;north;robot;Arm;2026-01-01;2027-01-01;disabled;;

      """
    let result = try read(Self.csv, "b.csv", text)
    #expect(
      result.messages == [
        "the record has no `site` or `id`, so it has no principal", "`robot` is not a kind of identity",
      ])
    let lift = try #require(result.identities.first)
    #expect(result.identities.count == 1 && lift.principal.description == "badge:north/7")
    #expect(
      (lift.kind, lift.name, lift.isEnabled, lift.owners) == (.serviceAccount, "Lift", true, ["ana@acme.example"]))
    #expect(
      lift.credentials.map(\.id) == ["7"] && lift.credentials[0].neverExpires && lift.credentials[0].status == .active)
    #expect(lift.grants.map(\.actions) == [["door:open", "door:close"]] && lift.grants[0].via == "badge:7")
    #expect(lift.unknowable == ["credentials.lastUsed", "lastUsed", "trusts", "uniqueID"])
    #expect((result.coverage.used, result.coverage.filtered, result.coverage.unreadable) == (1, 1, 2))
    #expect(result.coverage.formats == ["badges"])
  }

  @Test func takesKeysOfItsOwnForNamesAndNotForAccounts() throws {
    let mapping = "mapping: badges\nrecords: csv\nprincipal: \"badge:{id}\"\nkind: device"
    let result = try read(mapping, "b.csv", "id\n7\n8\n8\n")
    #expect(result.messages == [])
    #expect(result.identities.map(\.name) == ["7", "8"] && result.coverage.places.isEmpty)
    #expect((result.coverage.used, result.coverage.duplicate) == (2, 1))
  }

  private static let json = """
    mapping: vendor
    lists: [data/accounts]
    principal: "vendor:{org}/{id}"
    kind: bot
    unique-id: "{id}"
    credentials:
      from: keys
      id: "{key_id}"
      kind: api-key
      created: "{at}"
      last-used: "{used}"
    grants:
      - from: roles/*
        actions: ["{name}:{verbs}"]
        resources: ["{on}"]
        via: "role:{name}"
      - actions: ["{extra}"]
        effect: deny
    """

  @Test func readsListsWithinRecords() throws {
    let text = #"""
      {"data": {"accounts": [{"id": 5, "org": "acme", "extra": "admin",
        "keys": [{"key_id": "k1", "at": 1700000000, "used": "2026-01-01T00:00:00Z"}, {"at": 1}],
        "roles": [{"name": "db", "verbs": ["read", "write"], "on": "db/1"}, {"name": "none"}]}]}}
      """#
    let result = try read(Self.json, "v.json", text)
    #expect(result.messages == [])
    let bot = try #require(result.identities.first)
    #expect(bot.principal.description == "vendor:acme/5" && bot.uniqueID == "5")
    #expect(bot.credentials.map(\.id) == ["k1"] && bot.credentials[0].lastUsed == Instant("2026-01-01T00:00:00Z"))
    #expect(bot.grants.map(\.effect) == [.allow, .deny])
    #expect(bot.grants[0].actions == ["db:read", "db:write"] && bot.grants[0].resources == ["db/1"])
    #expect(bot.knows("credentials.lastUsed") && !bot.knows("created"))
  }

  @Test(arguments: [
    ("principal: x\nkind: bot", "mapping"), ("mapping: a\nkind: bot", "principal"),
    ("mapping: a\nprincipal: x", "kind"),
    ("mapping: a\nprincipal: x\nkind: bott", "`bott` is not a kind of identity"),
    ("mapping: a\nprincipal: \"{x\"\nkind: bot", "a `{` without a place and a `}` behind it"),
    ("mapping: github-runners\nprincipal: x\nkind: bot", "not one of the built-in formats"),
    ("mapping: a\nprincipal: x\nkind: bot\nexpiry: y", "expiry"),
    ("mapping: a\nprincipal: x\nkind: bot\ncredentials: {kind: y}", "has no `id`"),
    ("mapping: a\nprincipal: x\nkind: bot\nseparator: xx", "a separator is one character"),
  ])
  func teachesWhatIsWrongWithAMapping(text: String, message: String) throws {
    let result = try read(text, "v.json", "[]")
    #expect(result.messages.contains { $0.contains(message) }, "\(result.messages)")
    #expect(result.diagnostics.contains { $0.kind == .invalid })
    #expect(result.identities.isEmpty && result.coverage.inputs.map(\.status) == ["unreadable"])
  }
}
