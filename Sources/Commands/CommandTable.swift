/// Every command, in the order of `--help`. To add one: a file with its specification, and a line here.
enum CommandTable {
  static let commands: [CommandSpecification] = [
    .initialize, .collect, .sync, .importDrafts, .check, .explain, .show, .access, .diff, .reviewOpen, .reviewList,
    .reviewShow,
    .reviewRemind,
    .reviewReconcile, .reviewClose, .decide, .auditLog, .auditVerify, .status, .who, .trail, .logsList, .logsVerify,
    .policyList, .policyTest, .policyLint,
    .policyFields, .policyComplete, .events, .rollup, .rollupMerge, .rollupShow, .plan, .eval, .schema, .completion,
  ]

  static let commonOptions: [OptionSpecification] = [
    OptionSpecification("directory", short: "C", value: "DIR", "run as if started there"),
    OptionSpecification("as-of", value: "INSTANT", "judge at that instant: a day, an instant, or +30d"),
    OptionSpecification("quiet", short: "q", "no notes and no progress on standard error"),
    OptionSpecification("help", short: "h", "this page"),
  ]
}
