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
    /// How many elements it has, and how many it says that the list has in all; `nil` where it does not count.
    var count: (here: Int, all: Int)?
  }

  private var pages: [Page] = []

  private var noted: Set<[Int]> = []

  mutating func note(_ page: Node, format: String, file: Int) {
    // Each element of a list tells of the list that it stands in.
    guard noted.insert([file, page.range.lowerBound]).inserted else { return }
    pages.append(
      Page(
        format: format, account: account(of: page), promise: continuation(of: page) ?? unmetCount(of: page), file: file,
        count: count(of: page).map { ($0.here, $0.all) }))
  }

  /// What promises a further page that is not there, with the number of its file.
  func brokenPromises() -> [(promise: Node, file: Int)] {
    let last = pages.filter { $0.promise == nil }
    return pages.compactMap { page in
      guard let promise = page.promise else { return nil }
      if let count = page.count {
        // Lists that say how many they are in all: pages of the same list say the same number.
        let alike = pages.filter { $0.format == page.format && $0.count?.all == count.all }
        return alike.reduce(0) { $0 + ($1.count?.here ?? 0) } >= count.all ? nil : (promise, page.file)
      }
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
    case "total_count": "export it again with `gh api --paginate`"
    default: "ask for the further pages too, and keep their answers beside this file"
    }
  }

  /// GitHub's `total_count`, and SCIM's `totalResults` (RFC 7644, section 3.4.2.4), with the elements that are here.
  private func count(of page: Node) -> (here: Int, all: Int, node: Node)? {
    guard let node = page["total_count"] ?? page["totalResults"], let all = node.text.flatMap({ Int($0) }) else {
      return nil
    }
    guard let list = page.members.first(where: { $0.value.kind == .sequence })?.value else { return nil }
    return (list.count, all, node)
  }

  private func unmetCount(of page: Node) -> Node? {
    guard let count = count(of: page), count.here < count.all else { return nil }
    return count.node
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
