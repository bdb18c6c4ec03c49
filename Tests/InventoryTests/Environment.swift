private import Glibc

/// A variable of the environment in which the tests run.
func environmentVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
