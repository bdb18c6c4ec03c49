private import Glibc

// `muster rollup` alone, for the machines of a cluster: nothing but the rooms that read logs is linked.
signal(SIGPIPE, SIG_IGN)
exit(RollupProgram(Words.all).run())
