import Base
import Model

/// A campaign's own files as the history showed them last.
struct TrackedCampaign {
  var record: CampaignRecord?
  var population: SourceFile?
  var isJudged = false
}

extension AuditFold {
  /// A version of `campaign.md` or `population.txt`: what was frozen when the campaign was opened must stay.
  mutating func campaign(_ file: SourceFile, _ made: Made) {
    let folder = String(file.path[..<(file.path.lastIndex(of: "/") ?? file.path.startIndex)])
    var tracked = campaigns[folder] ?? TrackedCampaign()
    defer { campaigns[folder] = tracked }
    if file.path.hasSuffix("/population.txt") {
      if let known = tracked.population, known.bytes != file.bytes { altered(file.path, made) }
      tracked.population = file
      return
    }
    let (read, diagnostics) = CampaignRecord.read(file)
    guard let record = read else {
      if let worst = diagnostics.min() { report.problems.append(unreadableProblem(file.path, "", made, worst)) }
      return
    }
    if let known = tracked.record {
      if known.population != record.population || known.opened != record.opened || known.facts != record.facts {
        altered(file.path, made)
      }
      if known.status == .active && record.status == .closed {
        event(.campaignClosed, record, made, "")
      }
    } else {
      event(
        .campaignOpened, record, made,
        "\(record.items) items of \(record.findings) findings, population \(record.population)")
    }
    tracked.record = record
  }

  private mutating func altered(_ path: String, _ made: Made) {
    problem(
      .populationAltered, made, "", path, "the frozen population was changed after the campaign was opened",
      "put it back as it was in \(made.before); start a new campaign for another scope")
  }

  private mutating func event(_ kind: AuditEvent.Kind, _ record: CampaignRecord, _ made: Made, _ detail: String) {
    report.events.append(
      AuditEvent(
        kind: kind, item: "", campaign: record.id, identity: "", path: record.source.path, commit: made.commit,
        time: made.time, who: made.actor, detail: detail))
  }

  /// Whether each frozen population still is the one whose digest the campaign's file holds.
  mutating func judgePopulations() {
    for (folder, tracked) in campaigns.sorted(by: { $0.key < $1.key }) {
      guard let record = tracked.record, let file = tracked.population else { continue }
      if SHA256Digest(of: file.bytes).description != record.population {
        report.problems.append(
          AuditProblem(
            code: .populationAltered, isFailure: true, item: "", path: "\(folder)/population.txt", commit: "",
            message: "the population's SHA-256 is not the one that campaign.md froze",
            hint: "restore both files from the commit that opened the campaign"))
      }
    }
  }
}
