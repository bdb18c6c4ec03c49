/// A place in a text file: 1-based line and column, columns counted in Unicode scalars.
package struct SourceLocation: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Path as the user would type it: relative to the repository's root where there is one.
  package var path: String
  /// 1-based line; 0 where only the file is known.
  package var line: Int
  /// 1-based column; 0 where only the file or the line is known.
  package var column: Int

  package init(path: String, line: Int = 0, column: Int = 0) {
    self.path = path
    self.line = line
    self.column = column
  }

  /// `path`, `path:line` or `path:line:column`.
  package var description: String {
    if line == 0 { return path }
    return column == 0 ? "\(path):\(line)" : "\(path):\(line):\(column)"
  }

  package static func < (a: SourceLocation, b: SourceLocation) -> Bool {
    (a.path, a.line, a.column) < (b.path, b.line, b.column)
  }
}

/// A value with the place where a person wrote it.
package struct Located<Value: Sendable>: Sendable {
  /// The value.
  package var value: Value
  /// Where the value stands.
  package var location: SourceLocation

  package init(_ value: Value, at location: SourceLocation) {
    self.value = value
    self.location = location
  }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
