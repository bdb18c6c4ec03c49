import Base
import Commands
private import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())

// Where no muster program lies beside this one, it is that program itself.
if arguments.first == "muster" { exit(await run(Array(arguments.dropFirst()), in: .current())) }

do {
  if let name = arguments.first, let benchmark = Benchmark.all.first(where: { $0.name == name }) {
    try benchmark.run(Array(arguments.dropFirst()))
  } else if arguments.isEmpty || arguments == ["--quick"] {
    try runAll(quick: !arguments.isEmpty)
  } else {
    showHelp()
    exit(arguments == ["--help"] ? 0 : 2)
  }
} catch {
  print("muster-bench: \(error.message)")
  exit(2)
}

func runAll(quick: Bool) throws(BenchmarkError) {
  for benchmark in Benchmark.all {
    print("\(benchmark.name): \(benchmark.summary)")
    let scratch = try ScratchFolder()
    try benchmark.run(benchmark.standard(quick, scratch))
    print("")
  }
}

func showHelp() {
  print("Measures Muster with its limit in the same run, and prints a hash of what came out.\n")
  print("  muster-bench [--quick]\n      all of these; --quick in sizes that take seconds")
  for benchmark in Benchmark.all {
    print("  muster-bench \(benchmark.name) \(benchmark.arguments)\n      \(benchmark.summary)")
  }
}
