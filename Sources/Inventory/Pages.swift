import Documents

/// Pages of longer lists. A list is whole when its last page is among the files: the one that promises no further page.
struct PageBook {
  private struct Page {
    let format: String
    /// Empty where the page names none.
    let account: String
    /// What promises a further page; `nil` for a last page.
    let promise: Node?
    let file: Int
  }

  private var pages: [Page] = []

  private var noted: Set<[Int]> = []

  mutating func note(_ page: Node, format: String, file: Int) {
    // Each element of a list tells of the list that it stands in.
    guard noted.insert([file, page.range.lowerBound]).inserted else { return }
    pages.append(Page(format: format, account: account(of: page), promise: continuation(of: page), file: file))
  }

  /// What promises a further page that is not there, with the number of its file.
  func brokenPromises() -> [(promise: Node, file: Int)] {
    let last = pages.filter { $0.promise == nil }
    return pages.compactMap { page in
      guard let promise = page.promise else { return nil }
      let isWhole = last.contains {
        $0.format == page.format && ($0.account == page.account || $0.account.isEmpty || page.account.isEmpty)
      }
      return isWhole ? nil : (promise, page.file)
    }
  }

  private func continuation(of page: Node) -> Node? {
    if let flag = page["IsTruncated"] { return flag.bool == true ? flag : nil }
    for key in ["NextToken", "nextToken", "Marker", "nextPageToken", "next_page_token", "@odata.nextLink", "nextLink"] {
      if let token = page[key], let text = token.text, !text.isEmpty { return token }
    }
    if let token = page["metadata"]?["continue"], let text = token.text, !text.isEmpty { return token }
    if let more = page["has_more"], more.bool == true { return more }
    return nil
  }

  /// How the vendor's program gives the whole list, by how its page promises another.
  static func hint(_ promise: Node) -> String {
    let key = promise.key?.text ?? ""
    return switch key {
    case "Marker", "IsTruncated", "NextToken": "export it again without `--max-items` and `--no-paginate`"
    case "continue": "export it again with `kubectl get --chunk-size=0`"
    case "@odata.nextLink", "nextLink":
      "ask for the address that `\(key)` names too, and keep its answer beside this file"
    default: "ask for the further pages too, and keep their answers beside this file"
    }
  }

  private func account(of page: Node) -> String {
    for member in page.members where member.value.kind == .sequence {
      for element in member.value.elements.prefix(1) {
        if let arn = element["Arn"]?.text.flatMap({ ARN($0) }), arn.account != "aws" { return arn.account }
      }
    }
    return ""
  }
}
