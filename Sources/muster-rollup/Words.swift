private import Glibc

/// The words that the program was started with, without its name.
enum Words {
  static var all: [String] {
    // Swift asks /proc for them, which a chroot may lack.
    if CommandLine.argc > 0 { return Array(CommandLine.arguments.dropFirst()) }
    return fromStack()
  }

  /// The kernel lays out: the number of words, the words, a null, the environment (System V ABI, "Initial Process Stack").
  private static func fromStack() -> [String] {
    // The null stands before the environment.
    let end = environ - 1
    var words: [String] = []
    while words.count < 1 << 20 {
      let before = end - words.count - 1
      guard let text = before.pointee, Int(bitPattern: text) != words.count else { break }
      words.append(String(cString: text))
    }
    return Array(words.reversed().dropFirst())
  }
}
