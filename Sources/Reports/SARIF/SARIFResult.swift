import Base
import Model

/// One `result`.
struct SARIFResult {
  private let finding: Finding
  private let rule: Int

  init(_ finding: Finding, rule: Int) {
    self.finding = finding
    self.rule = rule
  }

  func write(to writer: inout JSONWriter, places: inout SARIFPlaces) {
    let place = places.place(of: finding)
    let related =
      (place.isSubstitute ? [RelatedLocation(role: "place", location: finding.location, message: "")] : [])
      + finding.related
    writer.object { writer in
      writer.field("ruleId", finding.policy)
      writer.field("ruleIndex", rule)
      // §3.27.10: a result of any kind but `fail` has the level `none`.
      writer.field("kind", finding.verdict == .unknown ? "review" : nil)
      writer.field("level", finding.verdict == .unknown ? "none" : finding.severity.sarifLevel)
      writer.key("message")
      writer.object { $0.field("text", message) }
      writer.key("locations")
      writer.array { writer in
        writer.object { writer in
          SARIFPlaces.physical(place.location, length: finding.markLength, to: &writer)
          logical(to: &writer)
        }
      }
      if !related.isEmpty {
        writer.key("relatedLocations")
        writer.array { writer in
          // GitHub keeps a hundred.
          for (index, other) in related.prefix(100).enumerated() { write(other, id: index + 1, to: &writer) }
        }
      }
      writer.key("partialFingerprints")
      writer.object { writer in
        writer.field("primaryLocationLineHash", place.hash)
        writer.field("muster/v1", SARIFText.filled(finding.fingerprint, else: place.hash))
      }
      if let exception = finding.exception { suppression(exception, to: &writer) }
      properties(to: &writer)
    }
  }

  /// Its first sentence is what GitHub shows as the title.
  private var message: String {
    let text = SARIFText.message(finding.message)
    return finding.remedy.isEmpty
      ? text : "\(text.hasSuffix(".") ? text : text + ".") \(SARIFText.message(finding.remedy))"
  }

  private func logical(to writer: inout JSONWriter) {
    guard !finding.subject.isEmpty else { return }
    writer.key("logicalLocations")
    writer.array { writer in
      writer.object { writer in
        writer.field("fullyQualifiedName", finding.principal?.description ?? finding.subject)
        writer.field("name", finding.subject)
        writer.field("kind", "resource")
      }
    }
  }

  private func write(_ related: RelatedLocation, id: Int, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("id", id)
      SARIFPlaces.physical(related.location, length: 0, to: &writer)
      writer.key("message")
      let text = related.message.isEmpty ? related.role : "\(related.role): \(related.message)"
      writer.object { $0.field("text", SARIFText.message(text)) }
    }
  }

  private func suppression(_ exception: String, to writer: inout JSONWriter) {
    writer.key("suppressions")
    writer.array { writer in
      writer.object { writer in
        writer.field("kind", "external")
        writer.field("status", "accepted")
        writer.field("justification", "exception \(exception)")
      }
    }
  }

  private func properties(to writer: inout JSONWriter) {
    writer.key("properties")
    writer.object { writer in
      writer.field("verdict", finding.verdict.rawValue)
      writer.field("severity", finding.severity.rawValue)
      writer.field("change", finding.mark)
      writer.field("identity", finding.identity)
      writer.field("principal", finding.principal?.description)
      writer.field("evidence", finding.evidence.map { "\($0.key): \($0.value)" })
    }
  }
}
