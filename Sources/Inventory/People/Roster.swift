import Base
import Documents
import Model

extension InventoryFormat {
  /// A list of people with their last days at work, as personnel systems export them: CSV with a head, or objects with such keys.
  static let roster = InventoryFormat(
    name: "roster",
    recognises: { content in
      let names = content.object == nil ? content.csvNames : content.object?.members.compactMap { $0.key.text } ?? []
      let columns = RosterColumns(names)
      let isPeople = columns.email != nil && (columns.left != nil || columns.team != nil)
      return isPeople && (content.object == nil || columns.left != nil)
    },
    read: { content, reading in reading.readRoster(content) })
}

/// Which column holds what, whatever the case of its letters and what stands between its words.
private struct RosterColumns {
  let email, name, login, team, left: String?

  init(_ names: [String]) {
    let plain = names.map { name in (name, String(name.lowercased().filter { $0.isLetter || $0.isNumber })) }
    // The order of the words tells which is meant, not the order of the columns.
    func column(_ words: String...) -> String? {
      words.lazy.compactMap { word in plain.first { $0.1 == word }?.0 }.first?.lowercased()
    }
    email = column("email", "emailaddress", "mail", "workemail", "useremail", "primaryemail", "businessemail")
    name = column("name", "fullname", "displayname", "employeename", "preferredname")
    login = column("login", "username", "userid", "github", "githublogin", "handle", "samaccountname", "employeeid")
    team = column("team", "teams", "department", "group", "orgunit", "organization", "division")
    left = column(
      "left", "enddate", "terminationdate", "terminated", "lastday", "lastdayofwork", "lastworkingday", "leavingdate",
      "exitdate", "separationdate", "contractend", "offboarded", "leaver", "end")
  }
}

extension InventoryReading {
  fileprivate mutating func readRoster(_ content: InventoryContent) {
    let names = content.object?.members.compactMap { $0.key.text } ?? content.csvNames
    let columns = RosterColumns(names)
    for row in rows(content) { readPerson(row, columns) }
  }

  private mutating func readPerson(_ row: ExportRow, _ columns: RosterColumns) {
    func text(_ column: String?) -> String? { column.flatMap { row[$0] } }
    let email = text(columns.email)?.lowercased()
    guard let name = text(columns.login) ?? email ?? text(columns.name) else {
      return refuse(row.place, "the row names nobody: neither e-mail nor login nor name")
    }
    var person = PersonFact(.person, name: name, source: source.name)
    person.title = text(columns.name)
    person.emails = (email ?? "").split { $0 == ";" || $0 == " " || $0 == "," }.map(String.init).sorted()
    person.teams = (text(columns.team) ?? "").split { $0 == ";" || $0 == "," }
      .map { $0.trimmed }.filter { !$0.isEmpty }.sorted()
    if let text = text(columns.left), !["-", "n/a", "none", "no", "false", "active"].contains(text.lowercased()) {
      person.left = day(text)
      if person.left == nil {
        return refuse(
          row.place, "`\(text.escapedOnOneLine)` is not a leaving date of \(name.escapedOnOneLine)",
          hint: "expected YYYY-MM-DD")
      }
    }
    take(person)
  }

  /// `2026-10-01`, with a time or without. What begins with a month or a day is a riddle, and is refused.
  private func day(_ text: String) -> Day? {
    if let day = Day(text) { return day }
    if let instant = Instant(text) { return instant.day }
    let parts = text.split { $0 == "/" || $0 == "." }
    guard parts.count == 3, parts[0].count == 4, let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2])
    else { return nil }
    return Day(year: year, month: month, day: day)
  }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
