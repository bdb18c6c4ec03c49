/// A type that any thread may make values of, though the values stay with that thread.
#if compiler(>=6.2)
  typealias MadeAnywhere = SendableMetatype
#else
  typealias MadeAnywhere = Any
#endif
