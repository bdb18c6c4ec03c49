import Base
import TestSupport
import Testing

/// Every command that the README shows, run as shown.
@Suite(.enabled(if: Muster.path != nil, Muster.missing)) struct ReadmeTests {
  @Test func everyBlockRuns() throws {
    let folder = try ReadmeFolder()
    let blocks = try ReadmeFolder.blocks()
    #expect(blocks.count == 5)
    var commands: [String] = []
    for line in blocks.joined() {
      // The two commands of the checkout have tests of their own.
      if line.hasPrefix("examples/quickstart.sh") || line.hasPrefix("Tests/run.sh") { continue }
      // Findings are what these are for.
      commands.append(line.hasPrefix("muster check") ? "\(line); [ $? -eq 1 ]" : line)
    }
    let result = try folder.run(commands.map { "\($0) || { echo \"failed: line $LINENO\" >&2; exit 1; }" })
    #expect(result.status == 0, "\(result.output)\(result.error)")
    #expect(result.output.contains("undeclared-identity"))
  }

  @Test func firstBlockNamesProgramsThatAreThere() throws {
    let programs = try ReadmeFolder.blocks()[0].compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(programs == ["examples/quickstart.sh", "Tests/run.sh"])
    for program in programs {
      let result = try runProgram("test", ["-x", PackageFolder.path(program)])
      #expect(result.status == 0, "\(program) cannot be run")
    }
  }

  @Test func tableListsTheCommands() throws {
    let listed = try PackageFolder.read("README.md").split(separator: "\n").compactMap { line in
      line.firstMatch(of: /^\| `muster ([a-z]+)`/).map { String($0.1) }
    }
    let help = try Muster.run("--help", in: PackageFolder.path).output
    for command in listed { #expect(help.contains("\n  \(command) "), "muster \(command) is not in --help") }
    let known = Set(help.matches(of: /\n  ([a-z]+)(?: [a-z]+)? {2,}\S/).map { String($0.1) })
    #expect(known.count > 10)
    for command in known where command != "muster" {
      #expect(listed.contains(command), "muster \(command) is not in the README")
    }
  }

  @Test func linksLeadSomewhere() throws {
    for page in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
      for link in try PackageFolder.read(page).matches(of: /\]\(([^)]+)\)/).map({ String($0.1) }) {
        if link.hasPrefix("https://") { continue }
        #expect(FileSystem.kind(PackageFolder.path(link)) != nil, "\(page) links to \(link)")
      }
    }
  }
}

/// A scratch folder with a `PATH` on which `aws` and `swift` are stubs.
final class ReadmeFolder: Sendable {
  private let folder: TemporaryFolder
  private let environment: [String: String]

  init() throws {
    folder = try TemporaryFolder()
    let acme = PackageFolder.path("examples/acme")
    // `aws` replays what was recorded for the invented company.
    let aws = """
      #!/bin/sh
      case "$*" in
        "sts get-caller-identity --query Account --output text") echo 111122223333 ;;
        "iam get-account-authorization-details --output json") cat '\(acme)/exports/aws-prod/account-authorization-details.json' ;;
        "iam generate-credential-report --output json") echo '{"State": "COMPLETE"}' ;;
        "iam get-credential-report --output json") cat '\(acme)/exports/aws-prod/credential-report.json' ;;
        "iam list-users --output json") echo '{"Users": []}' ;;
        "iam list-open-id-connect-providers --output json") echo '{"OpenIDConnectProviderList": []}' ;;
        "iam list-saml-providers --output json") echo '{"SAMLProviderList": []}' ;;
        "iam list-server-certificates --output json") echo '{"ServerCertificateMetadataList": []}' ;;
        "s3 cp --recursive --quiet s3://"*) cp -R '\(acme)/logs/cloudtrail/111122223333' "$6" ;;
        *) echo "aws: not recorded: $*" >&2; exit 2 ;;
      esac

      """
    // `swift run` runs what the tests' build made: a build in a test would wait for itself.
    let bench = try #require(PackageFolder.program("muster-bench"))
    let swift = """
      #!/bin/sh
      [ "$1 $2 $3" = "run -c release" ] && [ "$4" = muster-bench ] || { echo "swift: not recorded: $*" >&2; exit 2; }
      exec '\(bench)' --quick

      """
    for (name, text) in ["aws": aws, "swift": swift] {
      try folder.write("bin/\(name)", bytes: Array(text.utf8), mode: 0o755)
    }
    try folder.makeFolder("work")
    var environment = try Muster.environment(home: folder.path)
    environment["PATH"] = "\(folder.path("bin")):\(environment["PATH"] ?? "")"
    self.environment = environment
  }

  /// Runs the lines in one shell, so that `cd` holds.
  func run(_ lines: [String]) throws -> ProgramResult {
    try runProgram(
      "bash", ["-c", lines.joined(separator: "\n")], environment: environment, in: folder.path("work"), seconds: 300)
  }

  /// The lines of each `sh` block of the README, comments cut off.
  static func blocks() throws -> [[String]] {
    var blocks: [[String]] = []
    var isInside = false
    for line in try PackageFolder.read("README.md").split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "```sh" {
        isInside = true
        blocks.append([])
      } else if line.hasPrefix("```") {
        isInside = false
      } else if isInside, !line.isEmpty {
        let end = line.firstRange(of: " #")?.lowerBound ?? line.endIndex
        blocks[blocks.count - 1].append(String(line[..<end]))
      }
    }
    return blocks
  }
}
