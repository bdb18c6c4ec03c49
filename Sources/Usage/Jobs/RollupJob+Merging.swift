import Base
private import Glibc

extension RollupJob {
  /// `rollup merge`: writes what several parts come to. The exit code.
  package func merge() throws(JobError) -> Int32 {
    let (parts, names) = has("frames") ? try framedParts() : try fileParts()
    let manifest = try manifest()
    var sum = try ofParts { () throws(PartError) in
      try UsagePart.merged(parts, names: names, allowingCopies: manifest != nil, threads: world.cores)
    }
    if let manifest {
      let problems = manifest.disagreements(with: sum.ledger)
      for problem in problems.prefix(50) { world.problem(problem) }
      if !problems.isEmpty {
        throw JobError(
          .incomplete, "the parts are not those of the manifest: \(problems.count) inputs differ, nothing is written")
      }
    }
    if has("seal") { sum = sum.sealed() }
    try write(sum, to: value("output"))
    summarise(sum)
    return code(sum.isComplete)
  }

  private func fileParts() throws(JobError) -> ([UsagePart], [String]) {
    if arguments.isEmpty { throw JobError(.usage, "no parts are named") }
    raiseFileLimit()
    let files = files()
    var parts: [UsagePart] = []
    for file in files {
      do throws(PartError) {
        parts.append(try UsagePart(reading: world.resolve(file)))
      } catch { throw JobError(error) }
    }
    return (parts, files)
  }

  /// Every part stays open until it is merged.
  private func raiseFileLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
  }

  private func framedParts() throws(JobError) -> ([UsagePart], [String]) {
    var frames = FrameReader(InputStream(descriptor: 0))
    var parts: [UsagePart] = []
    var names: [String] = []
    while let frame = try frames.next() {
      var bytes: [UInt8] = []
      while UInt64(bytes.count) < frame.length {
        var got = 0
        let room = Int(min(frame.length - UInt64(bytes.count), 1 << 20))
        bytes += [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
          got = frames.stream.read(
            into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<room]))
          filled = got
        }
        if got == 0 { throw frames.cutShort() }
      }
      do throws(PartError) {
        parts.append(try UsagePart(decoding: bytes, path: frame.name))
      } catch { throw JobError(error) }
      names.append(frame.name)
    }
    return (parts, names)
  }

  /// `plan`: lists the inputs of a job. The exit code.
  package func plan() throws(JobError) -> Int32 {
    if arguments.isEmpty { throw JobError(.usage, "no logs are named") }
    var known: [ExactText: LedgerRow] = [:]
    if let path = value("since") {
      do throws(PartError) {
        for row in try UsagePart(reading: world.resolve(path)).ledger where row.isWhole {
          known[ExactText(row.name)] = row
        }
      } catch { throw JobError(error) }
    }
    var entries: [Manifest.Entry] = []
    var isComplete = true
    for file in files().sortedByBytes() {
      guard let status = FileSystem.status(world.resolve(file)) else {
        world.problem("cannot open '\(file)': nothing is there")
        isComplete = false
        continue
      }
      if let row = known[ExactText(file)] {
        if row.size == UInt64(status.size) { continue }
        world.note("'\(file)' has changed: \(row.size) bytes were read, now it has \(status.size)")
      }
      entries.append(Manifest.Entry(name: file, size: UInt64(status.size), stamp: status.modified.description))
    }
    let text = Array(Manifest(entries).text.utf8)
    if let output = value("output"), output != "-" {
      do throws(FileError) { try FileSystem.write(text, to: world.resolve(output)) } catch { throw JobError(error) }
    } else {
      world.out(text)
    }
    let bytes = entries.reduce(0) { $0 + $1.size }
    world.note("\(entries.count) inputs, \(bytes) bytes")
    return code(isComplete)
  }
}
