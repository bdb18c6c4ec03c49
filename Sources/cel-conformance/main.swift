import Base

// cel-conformance FILE…: runs conformance tests of CEL, converted to JSON, and prints each that fails.
let paths = Array(CommandLine.arguments.dropFirst())
if paths.isEmpty || paths.contains("--help") {
  print("usage: cel-conformance FILE…\n\nRuns files of CEL conformance tests in JSON; exit code 1 when one fails.")
} else {
  var report = Report()
  for path in paths { report.run(path) }
  print(report.summary)
  if report.hasFailures { exitWithFailure() }
}
