/// Events that are counted some at a time. What a look-up meets lies far apart in memory: of several events it is fetched side by side,
/// where one after another would wait each time.
struct WaitingEvents: ~Copyable {
  /// What is counted of an event; its texts live until the reader is asked for the next window.
  struct Event: BitwiseCopyable {
    let time: Int64
    let fingerprint: UInt64
    let bytesIn: UInt64
    let bytesOut: UInt64
    let flags: UInt32
    /// A hash of what it says, but for what is known of its combination.
    var content: ContentHash
    /// Numbers of texts plus one; 0 for none. Without an identity, nothing else is asked for.
    var identity: UInt32 = 0
    var permission: UInt32 = 0
    var place: UInt32 = 0
    var region: UInt32 = 0
    var address = TextTable.Query.none
    var agent = TextTable.Query.none
    /// None where the credential is not kept.
    var credential = TextTable.Query.none
    var credentialHash: UInt64 = 0
    var firstResource = 0
    var resourceCount = 0

    @inline(__always)
    init(_ event: borrowing LogEvent) {
      time = event.time
      fingerprint = SipHash.fingerprint(event.id.isEmpty ? event.record : event.id)
      bytesIn = event.bytesIn ?? 0
      bytesOut = event.bytesOut ?? 0
      flags =
        (event.isFailed ? Combinations.Flag.failed : 0) | (event.isDenied ? Combinations.Flag.denied : 0)
        | (event.isTemporary ? Combinations.Flag.isTemporary : 0)
      content = ContentHash(event)
    }
  }

  /// An event's combination as it is put together.
  struct Draft: BitwiseCopyable {
    let combination: CombinationTable.Draft
    /// Whether resources are counted by what contains them.
    let hasContainers: Bool
  }

  /// So many wait at most: their texts must not drive one another out of the processor's cache.
  private static let limit = 16

  private var events = Slab.make(WaitingEvents.limit, of: Event.self)
  private var drafts = Slab.make(WaitingEvents.limit, of: Draft.self)
  private var resources = Slab.make(64, of: TextTable.Query.self)
  private(set) var count = 0
  private(set) var resourceCount = 0

  init() {}

  deinit {
    Slab.release(events)
    Slab.release(drafts)
    Slab.release(resources)
  }

  var isFull: Bool { count == WaitingEvents.limit }

  /// Lends the event where it stands.
  @inline(__always)
  func pointer(_ number: Int) -> UnsafePointer<Event> {
    guard let base = events.baseAddress else { preconditionFailure("the room was allocated") }
    return UnsafePointer(base + number)
  }

  /// The drafts of the events' combinations, in their order.
  func draft(_ number: Int) -> Draft { drafts[number] }

  @inline(__always)
  mutating func setDraft(_ draft: Draft, _ number: Int) { drafts[number] = draft }

  @inline(__always)
  mutating func append(_ event: Event) {
    events[count] = event
    count += 1
  }

  /// Adds a resource of the event that is appended next.
  @inline(__always)
  mutating func addResource(_ query: TextTable.Query) {
    if resourceCount == resources.count { resources = Slab.grow(resources, to: resources.count * 2) }
    resources[resourceCount] = query
    resourceCount += 1
  }

  /// The names of the event's resources.
  @inline(__always)
  func resources(of event: UnsafePointer<Event>) -> UnsafeMutableBufferPointer<TextTable.Query> {
    let first = event.pointee.firstResource
    return UnsafeMutableBufferPointer(rebasing: resources[first..<first + event.pointee.resourceCount])
  }

  mutating func clear() { (count, resourceCount) = (0, 0) }
}
