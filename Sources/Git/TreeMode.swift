/// Modes of tree entries.
enum TreeMode {
  static let folder: UInt32 = 0o040000
  static let file: UInt32 = 0o100644
  static let executable: UInt32 = 0o100755
  static let link: UInt32 = 0o120000
  static let submodule: UInt32 = 0o160000

  /// The mode that git takes for a stored one (old versions stored group-writable files); `nil` for no mode at all.
  static func normalised(_ mode: UInt32) -> UInt32? {
    switch mode & 0o170000 {
    case 0o040000: folder
    case 0o120000: link
    case 0o160000: submodule
    case 0o100000: mode & 0o100 == 0 ? file : executable
    default: nil
    }
  }
}
