import Base
import TestSupport
import Testing

/// Workflows and actions, read as YAML by another program than ours.
@Suite struct WorkflowTests {
  /// A line `FILE: PLACE: what is wrong` for each step that could run a stranger's words or a moved tag.
  static let script = """
    import re, sys, yaml
    def steps(name, document):
        for job, body in document.get("jobs", {}).items():
            assert "permissions" in document or "permissions" in body, f"{name}: {job}: no permissions"
            yield from ((job, step) for step in body["steps"])
        yield from (("action", step) for step in document.get("runs", {}).get("steps", []))
    count = 0
    for name in sys.argv[1:]:
        document = yaml.safe_load(open(name))
        triggers = document.get("on", document.get(True, {}))
        if "pull_request_target" in triggers: print(f"{name}: runs strangers' code with our token")
        for place, step in steps(name, document):
            count += 1
            if "${{" in step.get("run", ""): print(f"{name}: {place}: an expression inside run")
            used = step.get("uses", "")
            is_pinned = re.fullmatch(r"[^@]+@([0-9a-f]{40}|COMMIT)", used) or used.startswith("./")
            if used and not is_pinned: print(f"{name}: {place}: {used} is not pinned")
    print(f"{count} steps")
    """

  @Test func workflowsRunNoStrangersWords() throws {
    let files = try ["yml", "yaml"].flatMap { suffix in
      try PackageFolder.files(below: ".github", suffix: ".\(suffix)")
        + PackageFolder.files(below: "examples/workflows", suffix: ".\(suffix)")
    }
    #expect(files.contains(".github/actions/check/action.yml"))
    #expect(files.contains("examples/workflows/muster.yml"))
    let result = try runProgram("python3", ["-c", Self.script] + files, in: PackageFolder.path)
    try #require(result.status == 0, "\(result.error)")
    let lines = result.output.split(separator: "\n")
    let steps = try #require(lines.last)
    #expect(lines.dropLast() == [])
    #expect(try #require(Int(steps.prefix { $0.isNumber })) > 8)
  }

  @Test func findsWhatItIsMeantToFind() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "bad.yml",
      """
      on: pull_request_target
      permissions: {}
      jobs:
        one:
          steps:
            - uses: actions/checkout@v4
            - run: echo ${{ github.event.pull_request.title }}
      """)
    let result = try runProgram("python3", ["-c", Self.script, file])
    #expect(result.output.split(separator: "\n").count == 4)
  }

  @Test func hooksAreWellFormed() throws {
    let check = """
      import sys, yaml
      hooks = yaml.safe_load(open(sys.argv[1]))
      assert {hook["id"] for hook in hooks} == {"muster", "muster-from-source"}
      for hook in hooks:
          assert hook["entry"] == "muster check --staged" and hook["pass_filenames"] is False
          assert hook["minimum_pre_commit_version"] == "3.2.0"
      """
    let result = try runProgram("python3", ["-c", check, PackageFolder.path(".pre-commit-hooks.yaml")])
    #expect(result.status == 0, "\(result.error)")
  }
}
