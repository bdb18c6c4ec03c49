import Base
import Expressions
private import Glibc
import Model
import Policies

extension CommandSpecification {
  static let policyComplete = CommandSpecification(
    "policy complete", "what may be written at a place of a policy, for editors",
    details: """
      Prints JSON: the columns that a choice takes the place of, and the choices with type and description: fields, functions, variables
      of macros, the only texts that a field may be, keys of the file. The file need not be finished, neither as YAML nor as an
      expression. With --stdin an editor hands over what is not saved yet.
      """,
    arguments: [ArgumentSpecification("FILE:LINE:COLUMN", "where the cursor is, counted from 1")],
    options: [OptionSpecification("stdin", "read the text from standard input; FILE is its name only")],
    examples: [("muster policy complete policies/own.yaml:9:21", "what may follow there")]
  ) { invocation throws(CommandError) in
    let words = invocation.arguments[0].split(separator: ":", omittingEmptySubsequences: false)
    guard words.count >= 3, let line = Int(words[words.count - 2]), let column = Int(words[words.count - 1]),
      line > 0, column > 0
    else {
      throw CommandError(
        .usage, "'\(invocation.arguments[0])' is no place", hint: "FILE:LINE:COLUMN, as in policies/own.yaml:9:21")
    }
    let path = words.dropLast(2).joined(separator: ":")
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = invocation.has("stdin") ? standardInput() : try FileSystem.read(invocation.world.absolute(path))
    } catch { throw CommandError(error) }
    let found = PolicyCompletion.at(line: line, column: column, of: SourceFile(path: path, bytes: bytes))
    var writer = JSONWriter(pretty: true)
    writer.object { writer in
      writer.field("schema", "muster.completion/1")
      writer.field("line", line)
      writer.field("from", column - found.begun)
      writer.field("to", column)
      writer.key("items")
      writer.array { writer in
        for item in found.items {
          writer.object { writer in
            writer.field("text", item.text)
            writer.field("kind", item.kind.rawValue)
            writer.field("type", item.type.isEmpty ? nil : item.type)
            writer.field("summary", item.summary.isEmpty ? nil : item.summary)
          }
        }
      }
    }
    writer.endLine()
    invocation.console.out(writer.text)
    return .clean
  }
}

/// All of standard input, up to what a policy's file may hold.
private func standardInput() -> [UInt8] {
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while bytes.count < 1 << 20 {
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count <= 0 { break }
    bytes += buffer[..<count]
  }
  return bytes
}
