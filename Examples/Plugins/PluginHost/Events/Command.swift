import EventDispatch

/// A command that a plug-in publishes, under a name that the host need not know. The payload is what it works on.
public typealias Command = NamedEvent<Document>
