package import Base

/// Where the events of a stretch of reading are, and whose they are: what a catalog keeps to find them again.
///
/// A stretch may be a piece of a file, or many files. Its events are numbered from 0, in the order of reading. Lists of such numbers are
/// packed: of each number, how many were left out before it, as a varint (LEB128).
package struct LogSegment: Sendable {
  package var count: UInt32 = 0
  /// Of what it was read; each event is in one of them.
  package var pieces: [Piece] = []
  /// Of each event: the distance of its record number from the one before in its piece, of its first byte from the end of the one
  /// before, and its length, each as a varint.
  package var places: [UInt8] = []
  /// By identity (empty for nobody); periods are hours since the epoch.
  package var identities: [Posting] = []
  /// By what contains a resource (`resourceKey`); periods are days since the epoch.
  package var resources: [Posting] = []
  package var calls: [CallEvents] = []
  package var actors: [ActorUse] = []
  package var marks: [CredentialMark] = []

  package init() {}

  /// The events of a part of a file, or of some of it.
  package struct Piece: Sendable {
    package var path = ""
    /// Byte of the file where the part begins. Places and record numbers are relative to it.
    package var part: UInt64 = 0
    /// The numbers of its events.
    package var start: UInt32 = 0
    package var count: UInt32 = 0
    /// Where its places begin.
    package var firstPlace = 0
    /// Whether each record can be read by itself from its bytes.
    package var isAddressable = true
    package var first = Instant(milliseconds: .max)
    package var last = Instant(milliseconds: .min)
  }

  /// The events of a term, by period.
  package struct Posting: Sendable {
    package var term: String
    /// The first and the last period.
    package var first: Int32
    package var last: Int32
    /// Of each period in their order: the distance from the one before (from 0 the first) as a zigzag varint, the number of events,
    /// and their packed numbers.
    package var events: [UInt8]
  }

  /// The events of calls that are named alike.
  package struct CallEvents: Sendable {
    /// As `EventFilter.action` is compared with them.
    package var permission: String
    package var action: String
    /// Whether each call's operation is what follows the action's first `:`. Others, such as paths, are without number.
    package var namesOperation: Bool
    /// Packed numbers of the events.
    package var events: [UInt8]
  }

  /// What one credential or session of an identity did.
  package struct ActorUse: Sendable {
    package var identity: String
    /// Empty where the log names none.
    package var credential: String
    package var isTemporary: Bool
    /// `fixedHash` of the session's id without its start; 0 for none.
    package var session: UInt64
    /// When the session began; `nil` for none.
    package var started: Instant?
    package var first: Instant
    package var last: Instant
  }

  /// An event that issued, made, changed or ended a credential or a session.
  package struct CredentialMark: Sendable {
    package enum Kind: Int64, Sendable { case issued, created, deleted, enabled, disabled }
    package var kind: Kind
    /// Hashes of the credential and of the session's id that the event is about; 0 for none.
    package var credential: UInt64
    package var session: UInt64
    /// `actorHash` of who did it.
    package var actor: UInt64
    package var identity: String
    /// Hash of the id that records of the same call share; 0 for none.
    package var shared: UInt64
    package var time: Instant
    /// The event's number.
    package var event: UInt32
  }
}

/// The hash by which catalogs know a text: the same on every machine, never 0.
package func catalogHash(_ text: String) -> UInt64 { max(1, fixedHash(text)) }

/// The hash of who acts: of the credential, else of the session's id, else of the identity.
package func actorHash(credential: String, session: String, identity: String) -> UInt64 {
  catalogHash(!credential.isEmpty ? credential : !session.isEmpty ? session : identity)
}

extension RawText {
  /// As `catalogHash`; 0 for an empty text.
  var catalogHash: UInt64 { isEmpty ? 0 : max(1, fixedHash) }
}

extension LogEvent {
  /// The `actorHash`; 0 for nobody.
  var actor: UInt64 {
    let presented = presentedCredential
    return (!presented.isEmpty ? presented : !session.isEmpty ? sessionID : identity).catalogHash
  }

  /// The session's id without its start, which readers put behind a `/`.
  var sessionID: RawText {
    let length = session.count - sessionStart.count - 1
    if sessionStart.isEmpty || length < 1 || session[length] != UInt8(ascii: "/") { return session }
    return session.dropFirst(length + 1) == sessionStart ? session.prefix(length) : session
  }
}

/// What a catalog finds a resource by: of names with parts, all up to the first part (`arn:aws:s3:::bucket/`,
/// `arn:aws:iam::111122223333:role/`); else the whole name.
package func resourceKey(_ resource: String) -> String {
  var resource = resource
  return resource.withUTF8 { bytes in
    let text = RawText(start: UnsafeRawPointer(bytes.baseAddress), count: bytes.count)
    return text.prefix(resourceKeyLength(text)).string
  }
}

/// The length of the `resourceKey`.
func resourceKeyLength(_ resource: RawText) -> Int {
  let length = ResourceContainer.prefixLength(of: resource)
  if length > 0, length <= resource.count {
    let last = resource[length - 1]
    let isARN = resource.hasPrefix("arn:")
    if last == UInt8(ascii: "/") || (last == UInt8(ascii: ":") && (!isARN || hasPart(resource, length))) {
      return length
    }
  }
  return min(resource.count, 256)
}

/// Whether the prefix of an ARN holds more than its five fields: `arn:aws:logs:…:log-group:`.
private func hasPart(_ resource: RawText, _ length: Int) -> Bool {
  resource.prefix(length).bytes.count { $0 == UInt8(ascii: ":") } > 5
}

/// Packed numbers, as `LogSegment` describes them, one after another.
package func unpack(_ bytes: [UInt8], _ body: (UInt64) -> Void) {
  var value: UInt64 = 0
  var shift: UInt64 = 0
  for byte in bytes {
    value |= UInt64(byte & 0x7F) << shift
    if byte & 0x80 == 0 {
      body(value)
      (value, shift) = (0, 0)
    } else {
      shift = min(shift + 7, 63)
    }
  }
}

/// The numbers of a packed list, in ascending order.
package func unpackNumbers(_ bytes: [UInt8]) -> [UInt32] {
  var numbers: [UInt32] = []
  var next: UInt32 = 0
  unpack(bytes) { left in
    let number = next &+ UInt32(truncatingIfNeeded: left)
    numbers.append(number)
    next = number &+ 1
  }
  return numbers
}

/// The numbers of a posting's events in the periods.
package func unpackPeriods(_ packed: [UInt8], in periods: ClosedRange<Int64>) -> [UInt32] {
  var numbers: [UInt32] = []
  var (period, left, isPeriod) = (Int64(0), UInt64(0), true)
  var next: UInt32 = 0
  unpack(packed) { value in
    if left > 0 {
      let number = next &+ UInt32(truncatingIfNeeded: value)
      if periods.contains(period) { numbers.append(number) }
      next = number &+ 1
      left -= 1
    } else if isPeriod {
      period &+= Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
      isPeriod = false
    } else {
      (left, isPeriod, next) = (value, true, 0)
    }
  }
  return numbers
}

extension [UInt8] {
  /// Appends a number as a varint.
  @inline(__always)
  mutating func appendVarint(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}
