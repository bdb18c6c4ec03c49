import Base
private import Glibc

enum Order { case before, same, after }

/// The elements sorted, those of equal keys added up.
func joined<Element>(
  _ elements: [Element], by order: (Element, Element) -> Order, add: (inout Element, Element) -> Void
) -> [Element] {
  let isSettled = elements.indices.dropFirst().allSatisfy { order(elements[$0 - 1], elements[$0]) == .before }
  if isSettled { return elements }
  var result: [Element] = []
  result.reserveCapacity(elements.count)
  for element in elements.sorted(by: { order($0, $1) == .before }) {
    if let last = result.last, order(last, element) == .same {
      add(&result[result.count - 1], element)
    } else {
      result.append(element)
    }
  }
  return result
}

/// Keeps the elements whose keys have the least hashes (of equal ones, the first keys), in their order; whether any had to go.
func keepLeast<Element>(_ elements: inout [Element], _ limit: Int, _ key: (Element) -> String) -> Bool {
  if elements.count <= limit { return false }
  let keys = elements.map { (text: key($0), hash: fixedHash(key($0))) }
  let order = keys.indices.sorted { a, b in
    keys[a].hash == keys[b].hash ? precedes(keys[a].text, keys[b].text) : keys[a].hash < keys[b].hash
  }
  elements = order.prefix(limit).sorted().map { elements[$0] }
  return true
}

/// The same in every run and on every machine.
func fixedHash(_ text: String) -> UInt64 {
  var text = text
  return text.withUTF8 { RawText(start: UnsafeRawPointer($0.baseAddress), count: $0.count).fixedHash }
}

/// Order by the bytes of UTF-8.
func precedes(_ a: String, _ b: String) -> Bool { byteOrder(a, b) == .before }

/// As `precedes`, in three ways. Strings that Unicode holds for equal but whose bytes differ are not the same here.
func byteOrder(_ a: String, _ b: String) -> Order {
  var (a, b) = (a, b)
  let difference = a.withUTF8 { a in
    b.withUTF8 { b -> Int in
      guard let left = a.baseAddress, let right = b.baseAddress else { return a.count - b.count }
      let head = Int(memcmp(left, right, min(a.count, b.count)))
      return head == 0 ? a.count - b.count : head
    }
  }
  return difference < 0 ? .before : difference == 0 ? .same : .after
}

/// The later of two, where there is any.
func later(_ a: Instant?, _ b: Instant?) -> Instant? {
  guard let a else { return b }
  return b.map { max(a, $0) } ?? a
}

/// The earlier of two, where there is any.
func earlier(_ a: Instant?, _ b: Instant?) -> Instant? {
  guard let a else { return b }
  return b.map { min(a, $0) } ?? a
}
