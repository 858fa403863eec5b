import EventDispatch

/// An event of the log that came from an address.
public protocol SourcedEvent: MatchableEvent {
    /// When it happened, as the log writes it; empty when the line has no time.
    var time: String { get }
    /// Where it came from: an IPv4 or IPv6 address, or a host name where the server logs names.
    var address: String { get }
}
