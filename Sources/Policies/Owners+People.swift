import Base
import Model

extension Owners {
  /// With the last days at work that directories tell of people whom owners.yaml knows by e-mail, where it does not say itself.
  func completed(by people: [PersonFact]) -> Owners {
    var left: [String: Day] = [:]
    for person in people where person.kind == .person {
      guard let day = person.left else { continue }
      // Of several dates the latest: who came back has not left at the first.
      for email in person.emails { left[email] = left[email].map { max($0, day) } ?? day }
    }
    if left.isEmpty { return self }
    var owners = self
    for (name, person) in owners.people where person.left == nil {
      owners.people[name]?.left = person.emails.compactMap { left[$0.lowercased()] }.max()
    }
    return owners
  }
}
