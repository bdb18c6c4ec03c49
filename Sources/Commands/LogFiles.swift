import Base
import Usage

/// The log files that a command line names: paths, folders, globs, `-` for standard input, and lists of them.
struct LogFiles {
  /// In the order of the command line; of a folder or a glob in the order of their bytes.
  private(set) var paths: [String] = []
  /// What stands for a path in outputs, where it is not the path.
  private(set) var names: [String: String] = [:]

  static let arguments = [
    ArgumentSpecification("PATH", "files, folders, globs, or - for standard input", required: false, repeated: true)
  ]

  static let options = [
    OptionSpecification(
      "format", value: "FORMAT", "read the files as that, or as a mapping file (*.yaml) describes",
      choices: usageFormats, isOpen: true),
    OptionSpecification(
      "files-from", value: "FILE",
      "take the names of files from a file, one a line or ended by NUL; - for standard input"
    ),
  ]

  init(_ invocation: Invocation) throws(CommandError) {
    let world = invocation.world
    var words = invocation.arguments
    do throws(FileError) {
      if let list = invocation.value("files-from") {
        let path = list == "-" ? try spooledStandardInput() : world.absolute(list)
        words += LogFiles.names(in: try FileSystem.read(path, limit: 1 << 30))
      }
      for word in words {
        if word == "-" {
          let path = try spooledStandardInput()
          names[path] = "-"
          paths.append(path)
        } else {
          // What is not there or cannot be listed is named when it is read.
          let (found, errors) = FileSystem.listing(at: world.absolute(word))
          let all = found + errors.map(\.path)
          paths += all.isEmpty ? [world.absolute(word)] : all
        }
      }
    } catch { throw CommandError(error) }
    if words.isEmpty {
      throw CommandError(
        .usage, "`muster \(invocation.command.name)` needs the files to read",
        hint: "name files, folders or globs, - for standard input, or --files-from FILE")
    }
  }

  /// The format that was asked for; a mapping file by its absolute path.
  static func format(_ invocation: Invocation) -> String? {
    invocation.value("format").map { name in
      name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? invocation.world.absolute(name) : name
    }
  }

  private static func names(in bytes: [UInt8]) -> [String] {
    let end: UInt8 = bytes.contains(0) ? 0 : 0x0A
    return bytes.split(separator: end).map { String(decoding: $0, as: UTF8.self) }
      .map { $0.hasSuffix("\r") ? String($0.dropLast()) : $0 }.filter { !$0.isEmpty }
  }
}
