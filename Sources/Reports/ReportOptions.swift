/// What a report may depend on besides the findings. The command line fills it in; the defaults suit a file.
package struct ReportOptions: Sendable {
  /// The program's version, for SARIF's driver.
  package var version = "0.0.0"
  /// Where people read about the program.
  package var home = "https://github.com/muster-dev/muster"
  /// Whether text may be coloured.
  package var colour = false
  /// Columns of the terminal, for wrapping text; 0 does not wrap.
  package var width = 0
  /// Whether findings that an exception covers are listed too (SARIF: as suppressed results).
  package var showsExcepted = false
  /// Whether text, concise, github and markdown list what is as it was at the base; the others always do.
  package var showsUnchanged = false
  /// The bytes of a file of the tree by its path, for the lines around a finding and for SARIF's line hashes. Secrets in it must
  /// be redacted already: what it gives is shown.
  package var source: @Sendable (String) -> [UInt8]? = { _ in nil }
  /// `https://github.com/acme/identities/blob/<commit>/`: makes Markdown link to the lines.
  package var linkBase: String?
  /// SARIF's category where several uploads of one commit are to live side by side: `muster/<profile>/`.
  package var category: String?
  /// Markdown stays below so many bytes; GitHub drops a step summary above 1 MiB whole, a comment above 65,536 characters.
  package var markdownBytes = 1_000_000
  /// Rows of one severity that Markdown shows.
  package var markdownRows = 100

  /// Whether text and concise end with counts, coverage and what it comes to; without, only findings and problems are told.
  package var showsSummary = true

  package init() {}
}
