package import Base
package import Documents
package import Model

/// Reads `owners.yaml`.
package func decodeOwners(_ root: Node) -> (owners: Owners, diagnostics: [Diagnostic]) {
  var reader = MappingReader(root, kind: "owners", keys: FieldTable.owners.map(\.name))
  var owners = Owners()
  for entry in reader.optional("teams", .entries(of: .team))?.value ?? [] {
    var team = entry.value.value
    (team.name, team.location) = (entry.name.value, entry.name.location)
    owners.teams[team.name] = team
  }
  for entry in reader.optional("people", .entries(of: .person))?.value ?? [] {
    var person = entry.value.value
    (person.name, person.location) = (entry.name.value, entry.name.location)
    owners.people[person.name] = person
  }
  for team in owners.teams.values.sorted(by: { $0.location < $1.location }) {
    for member in team.members where owners.people[member.value] == nil {
      reader.add(
        "team \(team.name) has the member '\(member.value)', who is not among the people", at: member.location,
        hint: suggestion(for: member.value, among: Array(owners.people.keys)))
    }
    for next in team.escalation where !owners.knows(next) {
      reader.add("team \(team.name) escalates to \(next), who is not in this file", at: team.location)
    }
  }
  return (owners, reader.diagnostics)
}

extension Owners {
  /// Whether the file has the team or person.
  package func knows(_ reference: OwnerReference) -> Bool {
    reference.kind == .team ? teams[reference.name] != nil : people[reference.name] != nil
  }
}

extension Reading where Value == Team {
  fileprivate static var team: Reading {
    .mapping("team", keys: FieldTable.team.map(\.name)) { reader in
      var team = Team(name: "", location: reader.node.location)
      team.members = reader.optional("members", .list(of: .text))?.value ?? []
      team.contact = reader.optional("contact", .text)?.value
      team.escalation = (reader.optional("escalation", .list(of: .owner))?.value ?? []).map(\.value)
      return team
    }
  }
}

extension Reading where Value == Person {
  fileprivate static var person: Reading {
    .mapping("person", keys: FieldTable.person.map(\.name)) { reader in
      var person = Person(name: "", location: reader.node.location)
      person.emails = (reader.optional("emails", .list(of: .text))?.value ?? []).map(\.value)
      person.keys = reader.optional("keys", .list(of: .key))?.value ?? []
      person.github = reader.optional("github", .text)?.value
      person.left = reader.optional("left", .day)?.value
      person.isBot = reader.optional("bot", .bool)?.value ?? false
      return person
    }
  }
}

extension Reading where Value == String {
  /// An SSH public key in OpenSSH's one-line form.
  fileprivate static var key: Reading {
    Reading("an SSH public key like `ssh-ed25519 AAAA…`") { node in
      node.text.flatMap { $0.split(separator: " ").count >= 2 ? $0 : nil }
    }
  }
}
