import Base
import Model
import TestSupport
import Testing

@testable import Usage

/// Records of AKS, whose events stand in a text each.
struct AKSTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let event =
    #"{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"k1\",\"verb\":\"get\",\"requestURI\":\"/x\",\"user\":{\"username\":\"eva\"}}"#

  private func record(_ log: String, _ category: String = "kube-audit") -> String {
    #"{"time":"2026-01-02T03:04:05Z","category":"\#(category)","operationName":"Microsoft.ContainerService/managedClusters/diagnosticLogs/Read","resourceId":"/SUBSCRIPTIONS/S1/X","properties":{"log":"\#(log)"}}"#
  }

  /// Wherever the text was cut, and whatever stands in its place: an event is missing.
  @Test(arguments: ["kube-audit", "kube-audit-admin"])
  func refusesEventsThatAreNotWhole(_ category: String) throws {
    let event = Self.event
    let damaged = [
      String(event.dropLast(1)), String(event.dropLast(4)), String(event.dropFirst(1)),
      event.replacing(#"get\""#, with: "get"), "{", "words",
    ]
    for log in damaged {
      let lines = [record(event), record(log, category), record(event.replacing("k1", with: "k2"))]
      let result = usage(of: [try folder.lines("a.jsonl", lines)])
      #expect(result.coverage.used == 2, "\(log)")
      #expect(result.coverage.unreadable == 1, "\(log)")
      let message = "record 2 is unreadable at byte \(lines[0].utf8.count + 1): a field that holds JSON as a text"
      #expect(result.diagnostics.first?.message.hasPrefix(message) == true, "\(log)")
    }
  }

  /// What a cluster's other components say is no event, whole or not.
  @Test func passesOverOtherWords() throws {
    let lines = [
      record("I0102 words", "kube-apiserver"), record(#"{\"ts\":"#, "cluster-autoscaler"), record(Self.event),
    ]
    let result = usage(of: [try folder.lines("a.jsonl", lines)])
    #expect(result.coverage.used == 1)
    #expect(result.coverage.filtered == 2)
    #expect(result.diagnostics == [])
  }
}
