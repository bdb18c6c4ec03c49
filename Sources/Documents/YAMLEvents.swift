private import CYAML

/// What libyaml says next, with byte offsets in the whole source.
struct YAMLEvent {
  enum Kind { case streamEnd, documentStart, scalar, sequence, mapping, end, alias, other }

  var kind: Kind
  var start, end: Int
  var style: Record.Style = .plain
  /// The property that Muster refuses: `&name` or a tag.
  var anchor, tag: String?
}

/// Where and why libyaml stopped.
struct YAMLFailure {
  var problem: String
  var offset: Int
  var context: String
  var contextOffset: Int?
}

/// libyaml's parser over a lent buffer; its types do not leave this file.
struct YAMLEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>
  private let isReady: Bool
  private let base: Int
  /// Byte of each character, as libyaml's marks count characters; empty where they are the same.
  private let byteOfCharacter: [UInt32]

  /// `text` is UTF-8 without a byte order mark and stays where it is; `base` is its place in the source.
  init(_ text: UnsafeBufferPointer<UInt8>, base: Int) {
    parser = .allocate(capacity: 1)
    event = .allocate(capacity: 1)
    event.initialize(to: yaml_event_t())
    isReady = yaml_parser_initialize(parser) == 1
    self.base = base
    var offsets: [UInt32] = []
    if text.contains(where: { $0 >= 0x80 }) {
      offsets.reserveCapacity(text.count + 1)
      for i in 0..<text.count where text[i] & 0xC0 != 0x80 { offsets.append(UInt32(i)) }
      offsets.append(UInt32(text.count))
    }
    byteOfCharacter = offsets
    guard isReady else { return }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    yaml_event_delete(event)
    if isReady { yaml_parser_delete(parser) }
    event.deallocate()
    parser.deallocate()
  }

  private func byte(_ mark: yaml_mark_t) -> Int {
    base + (byteOfCharacter.isEmpty ? mark.index : Int(byteOfCharacter[min(mark.index, byteOfCharacter.count - 1)]))
  }

  /// The next event, or `nil` where the text is not YAML; `failure` says why.
  func next() -> YAMLEvent? {
    guard isReady else { return nil }
    yaml_event_delete(event)
    guard yaml_parser_parse(parser, event) == 1 else { return nil }
    var result = YAMLEvent(kind: .other, start: byte(event.pointee.start_mark), end: byte(event.pointee.end_mark))
    switch event.pointee.type {
    case YAML_STREAM_END_EVENT: result.kind = .streamEnd
    case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
    case YAML_ALIAS_EVENT: result.kind = .alias
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: result.kind = .end
    case YAML_SCALAR_EVENT:
      result.kind = .scalar
      result.style = YAMLEvents.style(event.pointee.data.scalar.style)
      properties(event.pointee.data.scalar.anchor, event.pointee.data.scalar.tag, of: &result)
    case YAML_SEQUENCE_START_EVENT:
      result.kind = .sequence
      result.style = event.pointee.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE ? .flow : .plain
      properties(event.pointee.data.sequence_start.anchor, event.pointee.data.sequence_start.tag, of: &result)
    case YAML_MAPPING_START_EVENT:
      result.kind = .mapping
      result.style = event.pointee.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE ? .flow : .plain
      properties(event.pointee.data.mapping_start.anchor, event.pointee.data.mapping_start.tag, of: &result)
    default: break
    }
    return result
  }

  /// Lends the text of the scalar event given last.
  func withScalar<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    body(UnsafeBufferPointer(start: event.pointee.data.scalar.value, count: event.pointee.data.scalar.length))
  }

  private func properties(
    _ anchor: UnsafeMutablePointer<UInt8>?, _ tag: UnsafeMutablePointer<UInt8>?, of event: inout YAMLEvent
  ) {
    if let anchor { event.anchor = String(cString: anchor) }
    if let tag { event.tag = String(cString: tag) }
  }

  private static func style(_ style: yaml_scalar_style_t) -> Record.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .single
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .double
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }

  /// Why `next` gave `nil`.
  var failure: YAMLFailure {
    guard isReady else { return YAMLFailure(problem: "out of memory", offset: base, context: "") }
    let failed = parser.pointee
    let problem = failed.problem.map { String(cString: $0) } ?? "out of memory"
    if failed.error == YAML_READER_ERROR {
      return YAMLFailure(problem: problem, offset: base + failed.problem_offset, context: "")
    }
    let context = failed.context.map { String(cString: $0) } ?? ""
    return YAMLFailure(
      problem: problem, offset: byte(failed.problem_mark), context: context,
      contextOffset: context.isEmpty ? nil : byte(failed.context_mark))
  }
}
