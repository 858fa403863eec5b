import EventDispatch
import Foundation
import Synchronization

/// One of the ways to tell handlers of an event, set up for a number of handlers. All of it happens on the main actor.
@MainActor
struct Peer {
    /// The handlers that there are.
    enum Handlers {
        /// So many that take every event.
        case ofEveryEvent(Int)
        /// So many, each for events of another name.
        case ofNames(Int)

        /// How many of them an event reaches.
        var reached: Int {
            switch self {
            case .ofEveryEvent(let count): count
            case .ofNames: 1
            }
        }

        /// The names that handlers wait for; nil for a handler of every event.
        var names: [String?] {
            switch self {
            case .ofEveryEvent(let count): Array(repeating: nil, count: count)
            case .ofNames(let count): (0..<count).map { Signal.name($0) }
            }
        }
    }

    let name: String
    /// Tells the handlers of some events, and returns when they have run.
    let send: (ArraySlice<Signal>) async throws -> Void
    /// Ends it.
    let end: () -> Void

    /// This library, the first, and what it's compared with. The handlers count their calls.
    static func all(_ handlers: Handlers, counting calls: CallCounter) throws -> [Peer] {
        var peers = [
            try dispatcher(handlers, calls), closures(handlers, calls), dictionary(handlers, calls),
            notifications(handlers, calls),
        ]
        if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) { peers.append(messages(handlers, calls)) }
        return peers + [streams(handlers, calls)]
    }

    private static func dispatcher(_ handlers: Handlers, _ calls: CallCounter) throws -> Peer {
        let dispatcher = EventDispatcher()
        for name in handlers.names {
            _ = try dispatcher.on(Signal.self, where: name.map { \.name == $0 }) { _ in calls.increment() }
        }
        return Peer(
            name: "EventDispatch",
            send: { signals in for signal in signals { try dispatcher.fireSynchronously(signal) } },
            end: { dispatcher.cancelAll() }
        )
    }

    /// Each closure looks by itself whether the event is for it.
    private static func closures(_ handlers: Handlers, _ calls: CallCounter) -> Peer {
        let closures: [(Signal) throws -> Void] = handlers.names.map { name in
            { signal in if name == nil || signal.name == name { calls.increment() } }
        }
        return Peer(
            name: "array of closures",
            send: { signals in for signal in signals { for closure in closures { try closure(signal) } } },
            end: {}
        )
    }

    /// By the event's name, or by its type where handlers take every event.
    private static func dictionary(_ handlers: Handlers, _ calls: CallCounter) -> Peer {
        var byName: [String: [(Signal) throws -> Void]] = [:]
        var byType: [ObjectIdentifier: [(Signal) throws -> Void]] = [:]
        for name in handlers.names {
            let closure = { (_: Signal) in calls.increment() }
            if let name {
                byName[name, default: []].append(closure)
            } else {
                byType[ObjectIdentifier(Signal.self), default: []].append(closure)
            }
        }
        return Peer(
            name: "dictionary of closures",
            send: { [byName, byType] signals in
                for signal in signals {
                    let closures = byName.isEmpty ? byType[ObjectIdentifier(Signal.self)] : byName[signal.name]
                    for closure in closures ?? [] { try closure(signal) }
                }
            },
            end: {}
        )
    }

    /// Handlers of one name have a notification of their own.
    private static func notifications(_ handlers: Handlers, _ calls: CallCounter) -> Peer {
        let center = NotificationCenter()
        let tokens = handlers.names.map { name in
            center.addObserver(forName: Notification.Name(name ?? "Signal"), object: nil, queue: nil) { notification in
                if notification.userInfo?["signal"] is Signal { calls.increment() }
            }
        }
        let isNamed = handlers.names[0] != nil
        return Peer(
            name: "NotificationCenter",
            send: { signals in
                for signal in signals {
                    let name = Notification.Name(isNamed ? signal.name : "Signal")
                    center.post(name: name, object: nil, userInfo: ["signal": signal])
                }
            },
            end: { for token in tokens { center.removeObserver(token) } }
        )
    }

    @available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
    private struct SignalMessage: NotificationCenter.MainActorMessage {
        typealias Subject = NSObject
        static var name: Notification.Name { Notification.Name("SignalMessage") }

        let signal: Signal
    }

    /// Handlers of one name have a subject of their own.
    @available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
    private static func messages(_ handlers: Handlers, _ calls: CallCounter) -> Peer {
        let center = NotificationCenter()
        let anybody = NSObject()
        var subjects: [String: NSObject] = [:]
        let tokens = handlers.names.map { name in
            let subject = name.map { _ in NSObject() }
            if let name { subjects[name] = subject }
            return center.addObserver(of: subject, for: SignalMessage.self) { _ in calls.increment() }
        }
        return Peer(
            name: "NotificationCenter, messages",
            send: { [subjects] signals in
                for signal in signals {
                    center.post(SignalMessage(signal: signal), subject: subjects[signal.name] ?? anybody)
                }
            },
            end: { for token in tokens { center.removeObserver(token) } }
        )
    }

    /// How often the handlers of streams were called, which run on other threads.
    private final class Delivered: Sendable {
        let count = Atomic(0)
    }

    /// Each handler is a task with a stream; those of one name are found by a dictionary. The tasks are on no actor, and so are their
    /// events: on the main actor each takes two changes of thread.
    private static func streams(_ handlers: Handlers, _ calls: CallCounter) -> Peer {
        let delivered = Delivered()
        var everything: [AsyncStream<Signal>.Continuation] = []
        var byName: [String: AsyncStream<Signal>.Continuation] = [:]
        for name in handlers.names {
            let (stream, continuation) = AsyncStream.makeStream(of: Signal.self)
            Task.detached { for await _ in stream { delivered.count.add(1, ordering: .relaxed) } }
            if let name { byName[name] = continuation } else { everything.append(continuation) }
        }
        return Peer(
            name: "AsyncStream",
            send: { [everything, byName] signals in
                let count = signals.count * handlers.reached
                let isDelivered = { @Sendable in delivered.count.load(ordering: .relaxed) == count }
                await send(signals, to: everything, byName, until: isDelivered)
                delivered.count.store(0, ordering: .relaxed)
                calls.add(count)
            },
            end: { [everything, byName] in for continuation in everything + byName.values { continuation.finish() } }
        )
    }

    @concurrent
    private nonisolated static func send(
        _ signals: ArraySlice<Signal>,
        to everything: [AsyncStream<Signal>.Continuation],
        _ byName: [String: AsyncStream<Signal>.Continuation],
        until isDelivered: @Sendable () -> Bool
    ) async {
        for signal in signals {
            byName[signal.name]?.yield(signal)
            for continuation in everything { continuation.yield(signal) }
        }
        while !isDelivered() { await Task.yield() }
    }
}
