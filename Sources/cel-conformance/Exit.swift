private import Glibc

func exitWithFailure() -> Never { exit(1) }
