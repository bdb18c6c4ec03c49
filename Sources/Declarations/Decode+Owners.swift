package import Base
package import Documents
package import Model

/// Reads `owners.yaml`.
package func decodeOwners(_ root: Node) -> (owners: Owners, diagnostics: [Diagnostic]) {
  var reader = MappingReader(root, kind: "owners", keys: Keys.owners)
  var owners = Owners()
  for entry in reader.optional("teams", .entries(of: .team))?.value ?? [] {
    var team = entry.value.value
    (team.name, team.location) = (entry.name.value, entry.name.location)
    if isName(entry.name, "team", &reader) { owners.teams[team.name] = team }
  }
  for entry in reader.optional("people", .entries(of: .person))?.value ?? [] {
    var person = entry.value.value
    (person.name, person.location) = (entry.name.value, entry.name.location)
    if isName(entry.name, "person", &reader) { owners.people[person.name] = person }
  }
  reportStrangers(owners, &reader)
  reportShared(owners, &reader)
  return (owners, reader.diagnostics)
}

/// A name stands behind `team:` or `person:` elsewhere.
private func isName(_ name: Located<String>, _ kind: String, _ reader: inout MappingReader) -> Bool {
  let isPlain = !name.value.isEmpty && name.value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ":") }
  if !isPlain {
    reader.add("the name of a \(kind) has no white space and no `:`, found '\(name.value)'", at: name.location)
  }
  return isPlain
}

private func reportStrangers(_ owners: Owners, _ reader: inout MappingReader) {
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
}

/// A signature proves who decided only while a key is one person's.
private func reportShared(_ owners: Owners, _ reader: inout MappingReader) {
  var holders: [String: String] = [:]
  for person in owners.people.values.sorted(by: { $0.location < $1.location }) {
    for key in person.keys {
      // The comment behind a key is not part of it.
      let words = key.value.split(separator: " ").prefix(2).joined(separator: " ")
      if let other = holders[words] {
        let whose = other == person.name ? "listed twice" : "the key of \(other) too"
        reader.add("this key of \(person.name) is \(whose)", at: key.location, hint: "a key has one holder")
      }
      holders[words] = person.name
    }
  }
}

extension Owners {
  /// Whether the file has the team or person.
  package func knows(_ reference: OwnerReference) -> Bool {
    reference.kind == .team ? teams[reference.name] != nil : people[reference.name] != nil
  }
}

extension Reading where Value == Team {
  fileprivate static var team: Reading {
    .mapping("team", keys: Keys.team) { reader in
      var team = Team(name: "", location: reader.node.location)
      team.members = reader.optional("members", Readings.texts)?.value ?? []
      team.contact = reader.optional("contact", Readings.text)?.value
      team.escalation = (reader.optional("escalation", .list(of: Readings.owner))?.value ?? []).map(\.value)
      return team
    }
  }
}

extension Reading where Value == Person {
  fileprivate static var person: Reading {
    .mapping("person", keys: Keys.person) { reader in
      var person = Person(name: "", location: reader.node.location)
      person.emails = (reader.optional("emails", Readings.texts)?.value ?? []).map(\.value)
      person.keys = reader.optional("keys", .list(of: .key))?.value ?? []
      person.github = reader.optional("github", Readings.text)?.value
      person.left = reader.optional("left", Readings.day)?.value
      person.isBot = reader.optional("bot", .bool)?.value ?? false
      return person
    }
  }
}

extension Reading where Value == String {
  /// An SSH public key in OpenSSH's one-line form.
  fileprivate static var key: Reading {
    Reading("an SSH public key like `ssh-ed25519 AAAA…`", hint: keyProblem) { node in
      node.text.flatMap { keyProblem($0).isEmpty ? $0 : nil }
    }
  }
}

/// Why a text is no usable key; empty where it is one.
private func keyProblem(_ text: String) -> String {
  if text.contains("PRIVATE KEY") { return "this is a private key: take it out and replace it" }
  do throws(SSHKeyError) {
    _ = try SSHPublicKey(text)
    return ""
  } catch {
    return error.description
  }
}
