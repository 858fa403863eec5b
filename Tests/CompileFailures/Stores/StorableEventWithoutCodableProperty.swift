import EventDispatchStore

private final class Socket: Sendable {}

// error: type 'Connected' does not conform to protocol 'Decodable'
private struct Connected: StorableEvent {
    static let storedName = "connected"
    let socket: Socket
}
