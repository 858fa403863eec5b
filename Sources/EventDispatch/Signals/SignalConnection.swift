/// A receiver that is connected to a ``Signal``. Letting go of it disconnects nothing.
public final class SignalConnection: Sendable {
    let filter: SignalFilter
    let subscription: EventSubscription
    /// Where it stands until it is disconnected.
    private let connections: SignalConnections

    init(_ filter: SignalFilter, _ subscription: EventSubscription, in connections: SignalConnections) {
        self.filter = filter
        self.subscription = subscription
        self.connections = connections
    }

    /// Whether a send can still reach the receiver: it is not disconnected, its owner lives, and one of its senders lives or it has
    /// keys.
    public var isActive: Bool { subscription.isActive && !filter.isEmpty }

    /// Whether the receiver has ended for good. That its owner is dead is found out by the dispatcher first.
    var hasEnded: Bool { subscription.isCancelled || !subscription.hasHandlersLeft || filter.isEmpty }

    /// Disconnects the receiver.
    public func disconnect() {
        subscription.cancel()
        connections.remove(self)
    }
}

extension SignalConnection: Hashable {
    /// Whether both are the same connection.
    public static func == (left: SignalConnection, right: SignalConnection) -> Bool { left === right }

    /// Hashes the connection's identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
