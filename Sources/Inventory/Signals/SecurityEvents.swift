import Base
import Documents
import Model

extension InventoryFormat {
  /// Security event tokens (RFC 8417) of OpenID CAEP and RISC: decoded claims, compact tokens one a line, or the `sets` of a poll
  /// (RFC 8936). Signatures are not verified: who writes the file is trusted.
  static let securityEvents = InventoryFormat(
    name: "security-events",
    recognises: { content in
      if let text = content.text { return text.drop { $0 <= 0x20 }.starts(with: "eyJ".utf8) }
      guard let object = content.object else { return false }
      if object["events"]?.kind == .mapping, content.hasKey("iss", "jti", "iat", "aud") { return true }
      return object["sets"]?.members.first?.value.text?.hasPrefix("eyJ") == true
    },
    read: { content, reading in reading.readSecurityEvents(content) })
}

extension InventoryReading {
  fileprivate mutating func readSecurityEvents(_ content: InventoryContent) {
    if let object = content.object, object["events"] != nil { return readEvent(object, at: content.place) }
    var tokens: [(text: String, place: Place)] = []
    if let sets = content.object?["sets"] {
      tokens = sets.members.map { ($0.value.text ?? "", .node($0.value)) }
    } else {
      let text = String(decoding: content.text ?? [], as: UTF8.self)
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        let token = line.filter { !$0.isWhitespace }
        let place = SourceLocation(path: content.path, line: number + 1, column: 1)
        if !token.isEmpty { tokens.append((token, .at(place))) }
      }
    }
    sayOnce(
      "signatures", content.place, "the signatures of security event tokens are not verified here",
      hint: "let the receiver verify them before it writes the file")
    for token in tokens { readToken(token.text, at: token.place) }
  }

  /// `header.claims.signature`, each in base64 as addresses have it.
  private mutating func readToken(_ token: String, at place: Place) {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else {
      return refuse(place, "expected a token of three parts, found \(parts.count)", hint: "encrypted tokens have five")
    }
    let claims = String(parts[1]).replacing("-", with: "+").replacing("_", with: "/")
    do throws(EncodingProblem) {
      let bytes = try base64Decoded(claims)
      guard let root = Document.json(bytes, path: place.path).document?.root, root["events"]?.kind == .mapping else {
        return refuse(place, "the token holds no security events")
      }
      readEvent(root, at: place)
    } catch {
      refuse(place, "the token's claims are no base64: \(error.message)")
    }
  }

  private mutating func readEvent(_ claims: Node, at place: Place) {
    let issuer = claims.text("iss") ?? ""
    var found: [SignalFact] = []
    for (key, event) in claims["events"]?.members ?? [] {
      guard let type = key.text, !type.contains("/ssf/event-type/") else { continue }
      let name = type.split(separator: "/").last.map(String.init) ?? type
      var signal = SignalFact(kind(name), source: source.name, rule: name, place: issuer)
      let subject = claims["sub_id"] ?? event["subject"] ?? event["sub_id"]
      signal.principal = subject.flatMap { principal($0, issuer) } ?? claims.text("sub").map { known($0, issuer) }
      signal.credential = event.text("x509_serial", "credential_id", "token_id")
      for detail in ["change_type", "credential_type", "reason"] {
        if let text = event.text(detail) { signal.rule += " \(text)" }
      }
      signal.at = readTime(event["event_timestamp"] ?? claims["toe"] ?? claims["iat"])
      if signal.principal == nil, signal.credential == nil {
        diagnose(.unreadable, place, "the event `\(name.escapedOnOneLine)` names no subject that is understood")
        return countUnreadable()
      }
      found.append(signal)
    }
    if found.isEmpty { return countFiltered() }
    // One record, however many events it tells of.
    let new = found.filter { knownSignals.insert($0.key).inserted }
    signals += new
    if new.isEmpty { countDuplicate() } else { countUsed() }
  }

  private func kind(_ name: String) -> SignalFact.Kind {
    switch name {
    case "sessions-revoked": .sessionRevoked
    case "tokens-revoked", "token-revoked": .sessionRevoked
    case "account-locked": .accountDisabled
    default: SignalFact.Kind(rawValue: name) ?? .other
    }
  }

  /// A subject identifier (RFC 9493), or the user, the application, the device of a complex one.
  private func principal(_ subject: Node, _ issuer: String) -> String? {
    switch subject.text("format", "subject_type") {
    case "email": return subject.text("email").map { mailKey($0) }
    case "iss_sub", "iss-sub": return subject.text("sub").map { known($0, subject.text("iss") ?? issuer) }
    case "opaque": return subject.text("id").map { known($0, issuer) }
    case "account", "uri", "did": return subject.text("uri", "url").map { address($0) }
    case "aliases":
      let all = (subject["identifiers"]?.elements ?? []).compactMap { principal($0, issuer) }
      return all.first { $0.contains(":") && !$0.contains("@") } ?? all.first
    default:
      for part in ["user", "application", "device", "group"] {
        if let inner = subject[part], let found = principal(inner, issuer) { return found }
      }
      return nil
    }
  }

  private func mailKey(_ mail: String) -> String {
    let mail = mail.lowercased()
    return mail.hasSuffix(".gserviceaccount.com") ? "gcp:serviceAccount:\(mail)" : mail
  }

  private func address(_ uri: String) -> String { uri.hasPrefix("acct:") ? mailKey(String(uri.dropFirst(5))) : uri }

  /// An issuer's own id as a principal key where the issuer's ids are its keys, else `issuer#id`.
  private func known(_ id: String, _ issuer: String) -> String {
    if id.hasPrefix("arn:") || id.hasPrefix("spiffe://") { return id }
    if id.contains("@"), !id.contains("/") { return mailKey(id) }
    let host = host(of: issuer) ?? issuer
    if host.hasSuffix(".okta.com") || host.hasSuffix(".oktapreview.com") || host.hasSuffix(".okta-emea.com") {
      return id.hasPrefix("0oa") ? "okta:app/\(id)" : "okta:user/\(id)"
    }
    return issuer.isEmpty ? id : "\(issuer)#\(id)"
  }
}
