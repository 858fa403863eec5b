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

/// The connections of a signal: all that a send can reach, and some that have ended.
///
/// A connection is added before the dispatcher knows it, and taken out when it is ended, so whoever goes through all of them misses
/// none that a send can reach. Swift tells nobody that a sender died: ended connections are looked for in turn, a few at a time, so
/// that no connect and no send costs more the more connections there are.
final class SignalConnections: Sendable {
    private struct State: Sendable {
        var connections: [SignalConnection] = []
        var positions: [ObjectIdentifier: Int] = [:]
        var nextPosition = 0
    }

    /// How many connections are looked at at once.
    private static let lookedAtAtOnce = 8

    private let state = Locked(State())

    /// The connections, in no order.
    var all: [SignalConnection] { state.withLock { $0.connections.unshared } }

    func add(_ connection: SignalConnection) {
        state.withLock { state in
            state.positions[ObjectIdentifier(connection)] = state.connections.count
            state.connections.append(connection)
        }
    }

    /// Takes a connection out, if it is there; the last one takes its place.
    func remove(_ connection: SignalConnection) {
        state.withLock { state in
            guard let position = state.positions.removeValue(forKey: ObjectIdentifier(connection)) else { return }
            state.connections.swapAt(position, state.connections.count - 1)
            state.connections.removeLast()
            guard position < state.connections.count else { return }
            state.positions[ObjectIdentifier(state.connections[position])] = position
        }
    }

    /// Disconnects some of the connections that have ended, going on where the last call stopped.
    func removeSomeEnded() {
        let some: [SignalConnection] = state.withLock { state in
            if state.nextPosition >= state.connections.count { state.nextPosition = 0 }
            let some = state.connections[state.nextPosition...].prefix(Self.lookedAtAtOnce)
            state.nextPosition = some.endIndex
            return some.unshared
        }
        for connection in some where connection.hasEnded { connection.disconnect() }
    }
}
