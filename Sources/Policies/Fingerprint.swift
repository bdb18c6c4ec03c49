import Base
import Model

/// What makes two findings the same finding (DESIGN.md §5): policy, identity, field and offending value; no line numbers and
/// no message text, so that it survives moved lines and reworded messages.
func fingerprint(policy: String, subject: String, field: String, value: String) -> String {
  var bytes: [UInt8] = []
  for part in ["muster.finding/1", policy, subject, field, value] {
    let utf8 = Array(part.utf8)
    bytes += Array("\(utf8.count):".utf8) + utf8
  }
  return SHA256Digest(of: bytes).hex
}
