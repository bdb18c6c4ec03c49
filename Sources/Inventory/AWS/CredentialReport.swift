import Base
import Documents
import Model

extension InventoryFormat {
  /// The credential report (IAM User Guide, "Getting credential reports"): CSV, or base64 in `Content` of `get-credential-report`.
  static let awsCredentialReport = InventoryFormat(
    name: "aws-credential-report",
    recognises: { content in
      switch content.value {
      case .object: content.hasKey("ReportFormat")
      case .text(let bytes):
        String(decoding: bytes.prefix(40), as: UTF8.self).hasCSVHead("user,arn,user_creation_time")
      }
    },
    read: { content, reading in reading.readCredentialReport(content) })
}

extension String {
  fileprivate func hasCSVHead(_ head: String) -> Bool {
    String(unicodeScalars.filter { $0 != "\u{FEFF}" && $0 != "\"" }).hasPrefix(head)
  }
}

extension InventoryReading {
  fileprivate mutating func readCredentialReport(_ content: InventoryContent) {
    switch content.value {
    case .text(let bytes): readReport(CSVTable(bytes, path: content.path), inside: nil)
    case .object(let object):
      if let made = readInstant(object["GeneratedTime"]) { setCollected(made) }
      guard let field = object["Content"], let text = field.text else {
        return refuse(.node(object), "the credential report has no `Content`", hint: "export it again")
      }
      do throws(EncodingProblem) {
        readReport(CSVTable(try base64Decoded(text), path: object.document.path), inside: field)
      } catch {
        refuse(.node(field), "\(error.message) at character \(error.offset + 1) of `Content`")
      }
    }
  }

  /// With `inside`, the table stands encoded in that value and its rows have no place of their own.
  private mutating func readReport(_ table: CSVTable, inside: Node?) {
    guard let head = table.rows.first else {
      return refuse(inside.map { .node($0) } ?? .path(""), "the credential report is empty")
    }
    let names = head.map(\.text)
    for name in ["user", "arn", "access_key_1_active", "password_enabled"] where !names.contains(name) {
      diagnose(.unreadable, place(head, inside), "the credential report has no column `\(name)`")
    }
    for (number, fields) in table.rows.dropFirst().enumerated() {
      let place = place(fields, inside)
      let label = inside == nil ? "the row" : "row \(number + 2)"
      guard fields.count == names.count else {
        refuse(place, "\(label) has \(fields.count) fields, the head \(names.count)", hint: "the file may be cut off")
        continue
      }
      let values = Dictionary(zip(names, fields.map(\.text)), uniquingKeysWith: { first, _ in first })
      readReportRow(ReportRow(values: values), place)
    }
    if let problem = table.problem {
      diagnose(.unreadable, inside.map { .node($0) } ?? .at(problem.location), problem.message)
    }
  }

  private func place(_ fields: [CSVTable.Field], _ inside: Node?) -> Place {
    inside.map { .node($0) } ?? fields.first.map { .at($0.location) } ?? .path("")
  }

  private mutating func readReportRow(_ row: ReportRow, _ place: Place) {
    guard let text = row["arn"], let arn = ARN(text), arn.isIAMIdentity, let user = row["user"] else {
      return refuse(place, "`\(row["arn"] ?? "")` is not the ARN of an IAM user")
    }
    let isRoot = user == "<root_account>"
    var fact = IdentityFact(
      principal: PrincipalKey(text), kind: isRoot ? .root : .user, name: isRoot ? "root" : user, source: source.name)
    fact.created = time(row, "user_creation_time", place)
    fact.isEnabled = true
    fact.unknowable = ["boundary", "grants", "tags", "uniqueID"]
    fact.lastUsed = time(row, "password_last_used", place)
    if let mfa = row["mfa_active"] { fact.tags.append(Tag(key: "muster:mfa", value: mfa)) }
    if let password = password(row, isRoot: isRoot, place) { fact.credentials.append(password) }
    for slot in 1...2 {
      if let certificate = certificate(row, slot, place) { fact.credentials.append(certificate) }
      if let key = key(row, slot, fact.name, place) {
        aws.reportedKeys.append(.init(user: fact.principal, slot: slot, credential: key))
      }
    }
    add(fact, at: place)
  }

  private mutating func password(_ row: ReportRow, isRoot: Bool, _ place: Place) -> CredentialFact? {
    // The root user always has one; its row says `not_supported`.
    guard isRoot || row["password_enabled"] == "true" else { return nil }
    var password = CredentialFact(id: "password", kind: "password", status: .active)
    password.lastUsed = time(row, "password_last_used", place)
    password.lastRotated = time(row, "password_last_changed", place)
    password.expires = time(row, "password_next_rotation", place)
    return password
  }

  private mutating func key(_ row: ReportRow, _ slot: Int, _ user: String, _ place: Place) -> CredentialFact? {
    let prefix = "access_key_\(slot)_"
    let rotated = time(row, prefix + "last_rotated", place)
    let isActive = row[prefix + "active"] == "true"
    // `false` and `N/A` together say that there is no key in the slot.
    guard isActive || rotated != nil else { return nil }
    var key = CredentialFact(id: "\(user)/\(slot)", kind: "access-key", status: isActive ? .active : .inactive)
    key.neverExpires = true
    (key.created, key.lastRotated) = (rotated, rotated)
    key.lastUsed = time(row, prefix + "last_used_date", place)
    key.lastRegion = row.known(prefix + "last_used_region")
    key.lastService = row.known(prefix + "last_used_service")
    return key
  }

  private mutating func certificate(_ row: ReportRow, _ slot: Int, _ place: Place) -> CredentialFact? {
    let rotated = time(row, "cert_\(slot)_last_rotated", place)
    let isActive = row["cert_\(slot)_active"] == "true"
    guard isActive || rotated != nil else { return nil }
    var certificate = CredentialFact(
      id: "certificate/\(slot)", kind: "certificate", status: isActive ? .active : .inactive)
    (certificate.created, certificate.lastRotated) = (rotated, rotated)
    return certificate
  }

  private mutating func time(_ row: ReportRow, _ column: String, _ place: Place) -> Instant? {
    guard let text = row.known(column) else { return nil }
    if let instant = Inventory.readInstant(text) { return instant }
    diagnose(.unreadable, place, "`\(text)` in `\(column)` is not a time")
    return nil
  }
}

/// One row of the report by column.
private struct ReportRow {
  let values: [String: String]

  subscript(_ column: String) -> String? { values[column] }

  /// The value, unless it is one of the words for "there is none" and "nobody knows".
  func known(_ column: String) -> String? {
    values[column].flatMap { ["N/A", "n/a", "no_information", "not_supported", ""].contains($0) ? nil : $0 }
  }
}
