private import Glibc

/// Seconds that a fuzz test runs: `MUSTER_FUZZ_SECONDS`, else one.
var fuzzSeconds: Double { getenv("MUSTER_FUZZ_SECONDS").flatMap { Double(String(cString: $0)) } ?? 1 }
