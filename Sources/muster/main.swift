import Commands
private import Glibc

// CommandLine.arguments is Swift's own; the room is named Commands so that it does not hide it.
exit(await run(Array(CommandLine.arguments.dropFirst()), in: .current()))
