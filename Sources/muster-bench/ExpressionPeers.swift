import Base
private import Glibc

/// What an evaluator did with one condition over the subjects.
struct ExpressionResult {
  /// Seconds of processor time for one evaluation.
  var seconds: Double
  /// SHA-256 of a text with a `0` or a `1` for each subject.
  var hash: String
}

/// An evaluator from PyPI, run by the Python of `Program.peers` over the same subjects.
struct ExpressionPeer {
  let name: String
  let module: String
  /// How many subjects it is given.
  let count: Int

  /// One for each condition; an error where the peer cannot do one.
  func run(
    _ python: Program, _ scratch: ScratchFolder, runs: Int
  ) throws(BenchmarkError) -> [Result<ExpressionResult, BenchmarkError>] {
    let run = try python.expect([
      scratch.path("peers.py"), module, scratch.path("subjects.json"), scratch.path("conditions.txt"), String(count),
      String(ExpressionSubject.now), String(ExpressionSubject.portion), String(min(runs, 3)),
    ])
    return String(decoding: run.output, as: UTF8.self).split(separator: "\n").map { line in
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2, let nanoseconds = Double(words[0]) else {
        return .failure(BenchmarkError(message: String(line.dropFirst("cannot ".count))))
      }
      return .success(ExpressionResult(seconds: nanoseconds / 1e9, hash: String(words[1])))
    }
  }

  /// What the peers read: the subjects, the conditions in their words, and their program.
  static func write(_ subjects: [ExpressionSubject], to scratch: ScratchFolder) throws(BenchmarkError) {
    let conditions = ExpressionCondition.all.map { $0.portable ?? $0.text }
    try scratch.write("subjects.json", Array(subjects.map { $0.json + "\n" }.joined().utf8))
    try scratch.write("conditions.txt", Array(conditions.map { $0 + "\n" }.joined().utf8))
    try scratch.write("peers.py", Array(program.utf8))
  }

  /// Everything that can be done before is: expressions are compiled once, contexts made outside of the timed loop, in portions
  /// that fit in memory.
  private static let program = """
    import datetime, gc, hashlib, itertools, json, sys, time

    module, subjects, conditions, most, now, size, rounds = sys.argv[1:]
    conditions = open(conditions).read().splitlines()
    now = datetime.datetime.fromtimestamp(int(now), datetime.timezone.utc)

    def native(found):
        if "t" in found: return datetime.datetime.fromtimestamp(found["t"], datetime.timezone.utc)
        if "d" in found: return datetime.timedelta(seconds=found["d"])
        return found

    if module == "cel":
        import cel
        def compiled(text): return cel.compile(text).execute
        def context(subject): return cel.Context({"identity": subject, "now": now})
    else:
        import celpy
        from celpy import celtypes
        kinds = {bool: celtypes.BoolType, int: celtypes.IntType, float: celtypes.DoubleType, str: celtypes.StringType,
                 datetime.datetime: celtypes.TimestampType, datetime.timedelta: celtypes.DurationType}
        def converted(value):
            if isinstance(value, dict):
                return celtypes.MapType({celtypes.StringType(k): converted(v) for k, v in value.items()})
            if isinstance(value, list): return celtypes.ListType([converted(v) for v in value])
            return kinds[type(value)](value)
        def compiled(text):
            # Its faster runner does not know every macro.
            runner = celpy.InterpretedRunner if "has(" in text else celpy.CompiledRunner
            environment = celpy.Environment(runner_class=runner)
            return environment.program(environment.compile(text)).evaluate
        def context(subject): return {"identity": converted(subject), "now": celtypes.TimestampType(now)}

    def prepared(text):
        try: return compiled(text), None
        except BaseException as error: return None, repr(error)

    gc.disable()
    runs = [prepared(text) for text in conditions]
    failures = [failure for _, failure in runs]
    texts = [[] for _ in runs]
    spent = [0] * len(runs)
    with open(subjects) as lines:
        lines = itertools.islice(lines, int(most))
        while portion := [context(json.loads(line, object_hook=native)) for line in itertools.islice(lines, int(size))]:
            for at, (run, _) in enumerate(runs):
                if failures[at] is not None: continue
                try:
                    times = []
                    for _ in range(int(rounds)):
                        start = time.process_time_ns()
                        found = [run(subject) for subject in portion]
                        times.append(time.process_time_ns() - start)
                    spent[at] += min(times)
                    texts[at].append("".join("1" if value else "0" for value in found))
                except BaseException as error: failures[at] = repr(error)
    for at, parts in enumerate(texts):
        if failures[at] is not None:
            print("cannot", failures[at].replace("\\n", " ")[:200])
        else:
            text = "".join(parts)
            print(spent[at] / len(text), hashlib.sha256(text.encode()).hexdigest())
    """
}
