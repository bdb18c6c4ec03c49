/// A number with its noun: `1 file`, `2 files`; `many` for plurals without a plain s.
package func counted(_ number: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
  "\(number) \(number == 1 ? one : many ?? one + "s")"
}
