import Base
import Documents
import Model

extension InventoryFormat {
  /// `gitleaks … --report-format json`, redacted or not.
  static let gitleaks = InventoryFormat(
    name: "gitleaks",
    recognises: { $0.hasKeys("RuleID", "File") && $0.hasKey("Secret", "Match", "Fingerprint") },
    read: { content, reading in reading.readGitleaks(content) })

  /// `trufflehog … --json`: one finding a line.
  static let trufflehog = InventoryFormat(
    name: "trufflehog",
    recognises: { $0.hasKeys("DetectorName", "SourceMetadata") },
    read: { content, reading in reading.readTrufflehog(content) })

  /// `gh api …/secret-scanning/alerts` of a repository, an organisation or an enterprise.
  static let gitHubAlerts = InventoryFormat(
    name: "github-secret-scanning",
    recognises: { $0.hasKeys("number", "secret_type", "state") },
    read: { content, reading in reading.readSecretAlert(content) })
}

extension InventoryReading {
  /// Takes a signal; one that says the same as another is a duplicate.
  mutating func take(_ signal: SignalFact) {
    if knownSignals.insert(signal.key).inserted {
      signals.append(signal)
      countUsed()
    } else {
      countDuplicate()
    }
  }

  private func exposure(_ secret: LeakedSecret, rule: String, place: String) -> SignalFact {
    var signal = SignalFact(.exposed, source: source.name, rule: rule, place: place)
    (signal.credential, signal.principal, signal.hash) = (secret.credential, secret.principal, secret.hash)
    return signal
  }

  fileprivate mutating func readGitleaks(_ content: InventoryContent) {
    guard let object = content.object, let rule = require(object, "RuleID", of: "the finding") else { return }
    let secret = LeakedSecret(secret: object.text("Secret"), around: [object.text("Match")])
    let file = [object.text("File"), object.text("StartLine")].compactMap(\.self).joined(separator: ":")
    let place = [object.text("Commit"), file].compactMap(\.self).joined(separator: ":")
    var signal = exposure(secret, rule: rule, place: place)
    signal.at = readTime(object["Date"])
    take(signal)
  }

  fileprivate mutating func readTrufflehog(_ content: InventoryContent) {
    guard let object = content.object, let rule = require(object, "DetectorName", of: "the finding") else { return }
    let extra = object["ExtraData"]
    var secret = LeakedSecret(
      secret: object.text("Raw"), around: [object.text("RawV2"), object.text("Redacted"), extra?.canonicalJSON()])
    // What trying it told: whose it is.
    secret.add(principal: extra?.text("arn") ?? extra?.text("client_email"))
    if secret.principal == nil, rule == "GCP" { secret.add(principal: googleMail(object.text("Redacted", "Raw"))) }
    secret.add(credential: extra?.text("private_key_id"))
    let (name, data) =
      object["SourceMetadata"]?["Data"]?.members.first.map { ($0.key.text ?? "", $0.value) } ?? ("", object)
    let repository = data.text("repository", "repo", "bucket", "image", "channel", "link")
    let file = data.text("file", "path", "key", "layer")
    let head = [repository, data.text("commit", "revision")].compactMap(\.self).joined(separator: "@")
    let place = [head.isEmpty ? name.lowercased() : head, file, data.text("line")].compactMap(\.self)
    var signal = exposure(secret, rule: rule, place: place.joined(separator: ":"))
    signal.at = readTime(data.value("timestamp", "date"))
    let isTried = object.text("VerificationError") == nil && object["Verified"] != nil
    signal.isLive = object["Verified"]?.bool == true ? true : isTried ? false : nil
    take(signal)
  }

  private func googleMail(_ text: String?) -> String? { text?.hasSuffix(".gserviceaccount.com") == true ? text : nil }

  /// What was found to be no secret is none; a revoked one is told of, as it works no more.
  fileprivate mutating func readSecretAlert(_ content: InventoryContent) {
    guard let object = content.object, let rule = require(object, "secret_type", of: "the alert") else { return }
    let resolution = object.text("resolution") ?? ""
    if ["false_positive", "used_in_tests", "pattern_deleted"].contains(resolution) { return countFiltered() }
    let secret = LeakedSecret(secret: object.text("secret"), around: [])
    let repository = gitHubPlace(content).path
    let found = object["first_location_detected"]
    let number = object.text("html_url") ?? "\(repository)#\(object.text("number") ?? "")"
    var head = repository
    if let commit = found?.text("commit_sha") { head += "@\(commit)" }
    let place = [head, found?.text("path"), found?.text("start_line")].compactMap(\.self)
    var signal = exposure(secret, rule: rule, place: found?.text("path") == nil ? number : place.joined(separator: ":"))
    signal.at = readTime(object["created_at"])
    switch (object.text("validity"), resolution) {
    case (_, "revoked"), ("inactive", _): signal.isLive = false
    case ("active", _): signal.isLive = true
    default: signal.isLive = nil
    }
    take(signal)
  }
}
