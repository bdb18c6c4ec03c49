import Base
import Model

extension InventoryFormat {
  /// Certificates in PEM, one or a bundle, or one in DER; read by their metadata. Keys in the file are passed over, and said.
  static let certificates = InventoryFormat(
    name: "certificates",
    recognises: { content in
      guard let text = content.text else { return false }
      if text.starts(with: [0x30, 0x82]) || text.starts(with: [0x30, 0x81]) {
        return X509Certificate(der: text) != nil
      }
      return String(decoding: text.prefix(1 << 20), as: UTF8.self).contains(PEM.begin)
    },
    read: { content, reading in
      guard let bytes = content.text else { return }
      if let certificate = X509Certificate(der: bytes) { return reading.add(certificate, at: content.place) }
      reading.readCertificates(String(decoding: bytes, as: UTF8.self), path: content.path)
    })
}

private enum PEM {
  static let begin = "-----BEGIN CERTIFICATE-----"
  static let end = "-----END CERTIFICATE-----"
}

extension InventoryReading {
  fileprivate mutating func readCertificates(_ text: String, path: String) {
    var found: [(certificate: X509Certificate, place: Place)] = []
    var (body, start) = (nil as String?, 0)
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let place = Place.at(SourceLocation(path: path, line: number + 1, column: 1))
      if line.hasPrefix("-----BEGIN"), line.contains("PRIVATE KEY") {
        diagnose(
          .warning, place, "the file holds a private key in clear text; it is not read",
          hint: "give certificates alone, and replace the key if others can read the file")
      }
      if line.hasPrefix(PEM.begin) {
        (body, start) = ("", number + 1)
      } else if line.hasPrefix(PEM.end), let base64 = body {
        body = nil
        let at = Place.at(SourceLocation(path: path, line: start, column: 1))
        if let certificate = Base64.decode(base64).flatMap({ X509Certificate(der: $0) }) {
          found.append((certificate, at))
        } else {
          refuse(at, "this is no X.509 certificate")
        }
      } else if body != nil {
        body?.append(contentsOf: line.filter { !$0.isWhitespace })
      }
    }
    if body != nil {
      refuse(.at(SourceLocation(path: path, line: start, column: 1)), "the certificate is cut off")
    }
    let hasLeaf = found.contains { !$0.certificate.isAuthority }
    for (certificate, place) in found {
      // The chain beside a certificate is its issuers', who are somebody else.
      if hasLeaf && certificate.isAuthority { countFiltered() } else { add(certificate, at: place) }
    }
  }

  /// Certificates for one name are one identity's, whose credentials follow one another.
  fileprivate mutating func add(_ certificate: X509Certificate, at place: Place) {
    let name = certificate.names.first { $0.hasPrefix("spiffe://") } ?? certificate.names.first ?? certificate.subject
    let isWorkload = name.hasPrefix("spiffe://")
    var fact = IdentityFact(
      principal: PrincipalKey(isWorkload ? name : "x509:\(name)"), kind: isWorkload ? .serviceAccount : .certificate,
      name: name, source: source.name)
    fact.tags = [
      Tag(key: "muster:issuer", value: certificate.issuer), Tag(key: "muster:subject", value: certificate.subject),
    ]
    var credential = CredentialFact(id: certificate.serial, kind: "certificate", status: .active)
    (credential.created, credential.expires) = (certificate.notBefore, certificate.notAfter)
    fact.credentials = [credential]
    fact.unknowable = ["created", "credentials.lastUsed", "grants", "lastUsed", "trusts", "uniqueID"]
    if let known = self.fact(of: fact.principal), known.credentials.allSatisfy({ $0.id != credential.id }) {
      countUsed()
      update(fact.principal) { $0.credentials = ($0.credentials + [credential]).sorted { $0.id < $1.id } }
    } else {
      add(fact, at: place)
    }
  }
}
