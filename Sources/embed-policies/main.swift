// Writes every `.yaml` file of a folder as one Swift string literal table: embed-policies FOLDER OUTPUT.
import Glibc

/// Says why and ends: 2 for a wrong call, 3 for a file that cannot be written.
func fail(_ message: String, _ code: Int32) -> Never {
  _ = message.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  exit(code)
}

func names(in folder: String) -> [String] {
  guard let handle = opendir(folder) else { return [] }
  defer { closedir(handle) }
  var names: [String] = []
  while let entry = readdir(handle) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted()
}

func text(of path: String) -> String {
  guard let file = fopen(path, "r") else { return "" }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
  return String(decoding: bytes, as: UTF8.self)
}

func policies(below folder: String, prefix: String = "") -> [(path: String, text: String)] {
  names(in: folder).flatMap { name -> [(path: String, text: String)] in
    let path = "\(folder)/\(name)"
    if name.hasSuffix(".yaml") { return [(prefix + name, text(of: path))] }
    return policies(below: path, prefix: "\(prefix)\(name)/")
  }
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  fail("usage: embed-policies FOLDER OUTPUT\n", 2)
}
var output = "/// The built-in policies: their path below `policies/` and their text.\n"
output += "let embeddedPolicies: [(path: StaticString, text: StaticString)] = [\n"
for policy in policies(below: arguments[1]) {
  output += "  (\"\(policy.path)\", ###\"\"\"\n\(policy.text)\n\"\"\"###),\n"
}
output += "]\n"
guard let file = fopen(arguments[2], "w"), fputs(output, file) >= 0, fclose(file) == 0 else {
  fail("embed-policies: cannot write \(arguments[2])\n", 3)
}
