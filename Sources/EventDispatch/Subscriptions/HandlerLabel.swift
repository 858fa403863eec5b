/// How reports and listings name a handler.
public struct HandlerLabel: Hashable, Sendable, CustomStringConvertible {
    /// The name it was given, or an empty string.
    public let name: String
    /// Where it was declared.
    public let location: CallSite

    /// `'name' at Module/File.swift:12`.
    public var description: String {
        name.isEmpty ? "handler at \(location)" : "'\(escapingControlCharacters(name))' at \(location)"
    }
}
