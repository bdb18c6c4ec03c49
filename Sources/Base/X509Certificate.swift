private import CCrypto

/// What a certificate says of itself (RFC 5280); nothing is verified.
package struct X509Certificate: Sendable, Hashable {
  /// Distinguished names in the form of RFC 4514: `CN=host,O=Acme`.
  package let subject: String
  package let issuer: String
  /// Lower-case hexadecimal without leading zeros.
  package let serial: String
  /// DNS names, URIs and mail addresses of the subject, in their order.
  package let names: [String]
  package let notBefore: Instant
  package let notAfter: Instant
  /// Whether it may sign other certificates.
  package let isAuthority: Bool

  /// From DER; `nil` where it is none, or has a date that is none.
  package init?(der: [UInt8]) {
    let read = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
      var place = bytes.baseAddress
      return d2i_X509(nil, &place, bytes.count)
    }
    guard let certificate = read else { return nil }
    defer { X509_free(certificate) }
    guard let notBefore = Self.instant(X509_get0_notBefore(certificate)),
      let notAfter = Self.instant(X509_get0_notAfter(certificate))
    else { return nil }
    (self.notBefore, self.notAfter) = (notBefore, notAfter)
    subject = Self.text(of: X509_get_subject_name(certificate))
    issuer = Self.text(of: X509_get_issuer_name(certificate))
    serial = Self.serial(X509_get0_serialNumber(certificate))
    names = Self.names(of: certificate)
    isAuthority = X509_check_ca(certificate) > 0
  }

  private static func text(of name: OpaquePointer?) -> String {
    guard let name, let out = BIO_new(BIO_s_mem()) else { return "" }
    defer { BIO_free(out) }
    guard ccrypto_print_name(out, name) >= 0 else { return "" }
    var text: UnsafeMutablePointer<CChar>?
    let length = ccrypto_text(out, &text)
    guard let text, length > 0 else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
  }

  private static func serial(_ number: UnsafePointer<ASN1_INTEGER>?) -> String {
    guard let number, let value = ASN1_INTEGER_to_BN(number, nil) else { return "" }
    defer { BN_free(value) }
    guard let text = BN_bn2hex(value) else { return "" }
    defer { CRYPTO_free(text, #file, #line) }
    let hex = String(cString: text).lowercased()
    let trimmed = hex.drop { $0 == "0" }
    return trimmed.isEmpty ? "0" : String(trimmed)
  }

  private static func names(of certificate: OpaquePointer) -> [String] {
    guard let names = ccrypto_alternative_names(certificate) else { return [] }
    defer { GENERAL_NAMES_free(names) }
    return (0..<ccrypto_name_count(names)).compactMap { index in
      var length: Int32 = 0
      guard let bytes = ccrypto_name(names, index, &length) else { return nil }
      return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(length)), as: UTF8.self)
    }
  }

  private static func instant(_ time: UnsafePointer<ASN1_TIME>?) -> Instant? {
    guard let time, let epoch = ASN1_TIME_set(nil, 0) else { return nil }
    defer { ASN1_STRING_free(epoch) }
    var (days, seconds): (Int32, Int32) = (0, 0)
    guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
    return Instant(milliseconds: (Int64(days) * 86_400 + Int64(seconds)) * 1000)
  }
}
