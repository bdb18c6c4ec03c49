/// The known word nearest to what was typed, for "did you mean"; `nil` when none is near (more than a third of it wrong).
package func nearest(to typed: String, among known: some Sequence<String>) -> String? {
  let limit = max(1, typed.count / 3)
  var best: (word: String, distance: Int)?
  for word in known {
    let distance = editDistance(Array(typed.lowercased().utf8), Array(word.lowercased().utf8))
    if distance <= limit, best.map({ (distance, word) < ($0.distance, $0.word) }) ?? true { best = (word, distance) }
  }
  return best?.word
}

/// "did you mean `x`?", or the list of what is known when nothing is near, shortened to ten; empty where nothing is known.
package func suggestion(for typed: String, among known: [String]) -> String {
  if let word = nearest(to: typed, among: known) { return "did you mean `\(word)`?" }
  if known.isEmpty { return "" }
  let sorted = known.sorted()
  let shown = sorted.prefix(10).map { "`\($0)`" }.joined(separator: ", ")
  return "known: \(shown)" + (sorted.count > 10 ? " and \(sorted.count - 10) more" : "")
}

/// Optimal string alignment distance: insertions, deletions, substitutions and swapped neighbours.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  if a.count > 64 || b.count > 64 { return a == b ? 0 : .max }
  var (before, previous) = ([Int](), Array(0...b.count))
  for i in stride(from: 1, through: a.count, by: 1) {
    var row = [i]
    for j in stride(from: 1, through: b.count, by: 1) {
      var best = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, before[j - 2] + 1) }
      row.append(best)
    }
    (before, previous) = (previous, row)
  }
  return previous[b.count]
}
