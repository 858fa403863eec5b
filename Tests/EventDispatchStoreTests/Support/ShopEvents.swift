import EventDispatch
import EventDispatchStore
import EventDispatchTesting
import Foundation

struct OrderPlaced: StorableEvent, Hashable {
    static let storedName = "shop.order.placed"
    let id: Int
    var region = "eu"
    var customer = "c1"

    struct MatchKeys: MatchKeySet {
        let id = Key(\.id)
        let region = Key(\.region)
        let customer = Key(\.customer)
    }

    static let routingKeys: [RoutingKey<Self>] = [.init(\.region)]
}

struct OrderPaid: StorableEvent {
    static let storedName = "shop.order.paid"
    static let schemaVersion = 2
    let id: Int
    let customer: String

    /// The first version had no customer.
    static func decode(_ data: Data, version: Int) throws -> Self {
        guard version == 1 else { return try JSONDecoder().decode(Self.self, from: data) }
        struct First: Decodable { let id: Int }
        return OrderPaid(id: try JSONDecoder().decode(First.self, from: data).id, customer: "unknown")
    }
}

/// An error of a handler.
struct Refused: Error {}

/// Handlers write what they did, in its order.
final class Journal: Sendable {
    private let written = Locked<[String]>([])

    var lines: [String] { written.withLock { $0 } }

    func write(_ line: String) { written.withLock { $0.append(line) } }
}

/// Makes handlers fail as long as it is told to.
final class Trouble: Sendable {
    private let left: Locked<Int>

    init(_ times: Int) { left = Locked(times) }

    func meet() throws {
        let isLeft = left.withLock { left in
            defer { left = max(0, left - 1) }
            return left > 0
        }
        if isLeft { throw Refused() }
    }
}

/// Opens a gate when it is freed.
final class Captured: Sendable {
    private let gate: Gate

    init(_ gate: Gate) { self.gate = gate }

    deinit { gate.open() }
}
