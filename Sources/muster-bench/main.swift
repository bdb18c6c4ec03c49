private import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())

guard let name = arguments.first, let benchmark = Benchmark.all.first(where: { $0.name == name }) else {
  print("Measures Muster with its limit in the same run, and prints a hash of what came out.\n")
  for benchmark in Benchmark.all {
    print("  muster-bench \(benchmark.name) \(benchmark.arguments)\n      \(benchmark.summary)")
  }
  exit(arguments.isEmpty || arguments == ["--help"] ? 0 : 2)
}

do {
  try benchmark.run(Array(arguments.dropFirst()))
} catch {
  print("muster-bench: \(error.message)")
  exit(2)
}
