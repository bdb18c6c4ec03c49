import Base

/// What policies need beside the standard library.
enum MusterLibrary {
  static let functions: [Function] = [
    Function(
      "span", "A length of time from text such as `90d`, also `w`, `h`, `m`, `s`", [Overload([.string], .duration)],
      .unary {
        guard case .string(let text) = $0 else { return nil }
        return TimeText.duration(text, units: units)
      }),
    Function(
      "days", "So many days, as a duration", [Overload([.int], .duration)],
      .unary {
        guard case .int(let count) = $0 else { return nil }
        return .checkedSpan(count.multipliedReportingOverflow(by: 86_400_000_000_000))
      }),
    // These two have code of their own.
    Function(
      "glob", "Whether the whole text matches the pattern with `*` and `?`",
      [Overload([.string, .string], .bool), Overload(member: true, [.string, .string], .bool)]),
    Function(
      "globAny", "Whether the whole text matches one of the patterns",
      [Overload([.string, .list(.string)], .bool), Overload(member: true, [.string, .list(.string)], .bool)]),
    Function("age", "How long ago the instant was", [Overload([.timestamp], .duration)]),
  ]

  private static let units = TimeText.standardUnits + [("d", 86_400_000_000_000), ("w", 604_800_000_000_000)]
}
