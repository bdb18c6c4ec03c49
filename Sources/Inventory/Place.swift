import Base
import Documents

/// Where something stands in an export; line and column are counted only when they are shown.
enum Place: Sendable {
  case node(Node)
  case at(SourceLocation)
  case path(String)

  var location: SourceLocation {
    switch self {
    case .node(let node): node.location
    case .at(let location): location
    case .path(let path): SourceLocation(path: path)
    }
  }

  var path: String {
    switch self {
    case .node(let node): node.document.path
    case .at(let location): location.path
    case .path(let path): path
    }
  }
}
