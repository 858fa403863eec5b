import EventDispatch
import EventDispatchStore
import EventDispatchTracing
import Foundation

/// Writes traces for the checks in a browser: `TraceSamples FOLDER`.
@main struct TraceSamples {
    static func main() async throws {
        guard CommandLine.arguments.count == 2 else {
            FileHandle.standardError.write(Data("usage: TraceSamples FOLDER\n".utf8))
            exit(2)
        }
        let folder = CommandLine.arguments[1]
        try await write(EventDispatchTrace(), "empty", to: folder) { _, _ in SubscriptionBag() }
        try await write(EventDispatchTrace(), "one", to: folder) { dispatcher, _ in
            let bag = SubscriptionBag()
            try dispatcher.on(Ordered.self) { _ in }.store(in: bag)
            try await dispatcher.fire(Ordered(number: 1, customer: "Ada"))
            return bag
        }
        try await write(EventDispatchTrace { "\($0)" }, "shop", to: folder, Shop.run)
        try await write(EventDispatchTrace { "\($0)" }, "hostile", to: folder, Hostile.run)
        try await write(EventDispatchTrace(capacity: 20_000), "many", to: folder) { dispatcher, _ in
            try await Crowd.run(10_000, dispatcher)
        }
        try await write(EventDispatchTrace(capacity: 200_000), "huge", to: folder) { dispatcher, _ in
            try await Crowd.run(100_000, dispatcher)
        }
    }

    private static func write(
        _ trace: EventDispatchTrace,
        _ name: String,
        to folder: String,
        _ body: @Sendable (EventDispatcher, EventDispatchTrace) async throws -> SubscriptionBag
    ) async throws {
        let dispatcher = EventDispatcher(name: name, postPolicy: .reject(capacity: 2))
        let observation = dispatcher.observe(with: trace)
        let bag = try await body(dispatcher, trace)
        observation.cancel()
        try trace.write(to: "\(folder)/\(name).html")
        try trace.write(perfetto: "\(folder)/\(name).json")
        bag.cancel()
    }
}

struct Ordered: MatchableEvent {
    let number: Int
    let customer: String
    static var eventName: String { "shop.ordered" }

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let customer = Key(\.customer)
    }
}

struct StockLow: MatchableEvent {
    let article: String
    static var eventName: String { "shop.stock.low" }
}

struct ReceiptDue: MatchableEvent {
    static var eventName: String { "shop.receipt.due" }
}

struct Ignored: MatchableEvent {
    static var eventName: String { "shop.ignored" }
}

struct Shipped: StorableEvent, Codable {
    let number: Int
    static var eventName: String { "shop.shipped" }
    static var storedName: String { "shop.shipped" }
}

struct Declined: Error, CustomStringConvertible {
    var description: String { "the card was declined" }
}
