import Base
import Documents
import Model

extension InventoryFormat {
  /// `catalog-info.yaml`, `org.yaml` and the catalog's API (Backstage, "Descriptor Format of Catalog Entities"): groups and users;
  /// components, systems and the rest say nothing of people.
  static let backstage = InventoryFormat(
    name: "backstage",
    recognises: {
      $0.object?["apiVersion"]?.text?.hasPrefix("backstage.io/") == true && $0.hasKeys("kind", "metadata")
    },
    read: { content, reading in reading.readBackstage(content) })
}

extension InventoryReading {
  fileprivate mutating func readBackstage(_ content: InventoryContent) {
    guard let object = content.object else { return }
    let kind = object.text("kind")?.lowercased()
    guard kind == "user" || kind == "group" else { return countFiltered() }
    guard let metadata = object["metadata"], let name = require(metadata, "name", of: "the entity") else { return }
    let spec = object["spec"]
    var person = PersonFact(kind == "user" ? .person : .team, name: name, source: source.name)
    person.title = spec?["profile"]?.text("displayName") ?? metadata.text("title")
    person.emails = [spec?["profile"]?.text("email")?.lowercased()].compactMap(\.self)
    let above = kind == "user" ? spec?["memberOf"]?.texts : [spec?.text("parent")].compactMap(\.self)
    person.teams = Set((above ?? []).map { entityName($0) }).sorted()
    take(person)
    // Groups may name their members instead of the other way round.
    for member in spec?["members"]?.texts ?? [] { services.memberships.append((entityName(member), name)) }
  }

  /// The name in a reference: `group:default/payments` is `payments`.
  private func entityName(_ reference: String) -> String {
    String(reference.split { $0 == ":" || $0 == "/" }.last ?? Substring(reference))
  }

  /// Takes a person; who stands twice in one source is completed.
  mutating func take(_ person: PersonFact) {
    guard let index = services.personNumbers[person.key] else {
      services.personNumbers[person.key] = people.count
      people.append(person)
      return countUsed()
    }
    let before = people[index]
    people[index].emails = Set(before.emails + person.emails).sorted()
    people[index].teams = Set(before.teams + person.teams).sorted()
    people[index].left = before.left ?? person.left
    people[index].title = before.title ?? person.title
    if people[index] == before { countDuplicate() } else { countUsed() }
  }

  /// Gives people the teams that name them.
  mutating func joinPeople() {
    for (member, team) in services.memberships {
      guard let index = services.personNumbers["person:\(member)"] else { continue }
      people[index].teams = Set(people[index].teams + [team]).sorted()
    }
  }
}
