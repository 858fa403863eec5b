import Synchronization

/// Watches what a dispatcher does: for logs, metrics and traces.
///
/// All methods have empty defaults. They are called in place, on whatever thread fires, so they delay the handlers; under no
/// lock, so they may call the dispatcher; and in the order in which things happen to one fire. What they fire while they are
/// told of a fire is nested in it, so that one that fires whatever it is told ends in an error, as a circle of handlers does: observers may fire inside each
/// other four deep.
/// A dispatcher that nobody observes does nothing for it.
public protocol DispatchObserver: Sendable {
    /// An event is fired; none of its handlers has started.
    func fireStarted(_ fire: ObservedFire)
    /// All handlers of an event have an outcome.
    func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport)
    /// A handler is about to run.
    func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire)
    /// An attempt of a handler with `.retry` failed, and it is about to run again. What the outcome counts as attempts are those so far.
    func attemptFailed(_ outcome: HandlerOutcome, in fire: ObservedFire)
    /// A handler that ran has an outcome. The duration is set.
    ///
    /// Of a detached or debounced handler this comes when it ends, which may be after its fire. It's told also when it doesn't start, for
    /// then no report says so.
    func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire)
    /// A handler that overran its time-out, and was left behind, has ended. Its outcome was told when its fire went on without it.
    func overrunEnded(_ handler: ObservedHandler, in fire: ObservedFire)
    /// An event that was posted, or was to be fired afterwards, will not be fired.
    func dropped(_ event: any MatchableEvent, reason: DropReason)
    /// An event matched no handler.
    func unhandled(_ fire: ObservedFire)
}

extension DispatchObserver {
    /// Does nothing.
    public func fireStarted(_ fire: ObservedFire) {}
    /// Does nothing.
    public func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport) {}
    /// Does nothing.
    public func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) {}
    /// Does nothing.
    public func attemptFailed(_ outcome: HandlerOutcome, in fire: ObservedFire) {}
    /// Does nothing.
    public func overrunEnded(_ handler: ObservedHandler, in fire: ObservedFire) {}
    /// Does nothing.
    public func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {}
    /// Does nothing.
    public func dropped(_ event: any MatchableEvent, reason: DropReason) {}
    /// Does nothing.
    public func unhandled(_ fire: ObservedFire) {}
}

/// A fire, as a ``DispatchObserver`` sees it.
public struct ObservedFire: Sendable {
    /// The event that is fired.
    public let event: any MatchableEvent
    /// The name of the dispatcher.
    public let dispatcherName: String
    /// The number of the fire: no other fire of the process has it.
    public let id: UInt64
    /// The number of the fire that this one is nested in, or that its handler was detached from; nil for none.
    public let parent: UInt64?
    /// The handler that fired the event; nil for none.
    public let firedBy: ObservedHandler?
    /// Whether this is the run of a detached or debounced handler, which has left its fire. Such a fire has no start and end of its own,
    /// only those of its handler.
    public let isDetached: Bool
    /// Whether the event was posted, or fired afterwards by a handler of one that was.
    public let isPosted: Bool
    /// Which delivery of a durable subscription it is; nil for another fire.
    public let delivery: ObservedDelivery?

    let outerTypes: [any MatchableEvent.Type]

    /// The event's name.
    public var eventName: String { type(of: event).eventName }

    /// The names of the events that are being fired inside each other, from the outermost to this one.
    public var path: [String] { outerTypes.map { $0.eventName } + [eventName] }
}

/// A handler that an event matched, as a ``DispatchObserver`` sees it.
public struct ObservedHandler: Hashable, Sendable, CustomStringConvertible {
    /// The number of the handler's registration. With ``ObservedFire/id``, it names one run.
    public let id: UInt64
    /// The handler's name and where it was declared.
    public let label: HandlerLabel
    /// The phase that it runs in.
    public let phase: String

    /// Label and phase, on one line.
    public var description: String { "\(label) (\(phase))" }
}

/// A delivery of a stored event to a durable subscription, as a ``DispatchObserver`` sees it.
public struct ObservedDelivery: Hashable, Sendable {
    /// The name of the subscription.
    public let subscription: String
    /// The kind of store.
    public let store: String
    /// The event's place in the store.
    public let sequence: Int64
    /// The number of the attempt, counted from 1.
    public let attempt: Int
    /// The trace that the event was published in, as a `traceparent` of W3C; nil for none.
    public let trace: String?

    package init(subscription: String, store: String, sequence: Int64, attempt: Int, trace: String?) {
        self.subscription = subscription
        self.store = store
        self.sequence = sequence
        self.attempt = attempt
        self.trace = trace
    }
}

/// Why an event that was posted, or was to be fired afterwards, was not fired.
///
/// A structure rather than an enumeration, so that later versions can add reasons.
public struct DropReason: Hashable, Sendable, CustomStringConvertible {
    /// The reason's name, as in the source.
    public let description: String

    private init(_ description: String) { self.description = description }

    /// The queue was full, and the policy refused the event.
    public static let queueFull = DropReason("queueFull")
    /// The queue was full, and the event was the oldest in it.
    public static let oldest = DropReason("oldest")
    /// The dispatcher was made with `started: false` and never started.
    public static let notStarted = DropReason("notStarted")
    /// The dispatcher is stopped or stopping.
    public static let stopped = DropReason("stopped")
    /// The dispatcher stopped, or was no longer held, before the event's turn came.
    public static let undelivered = DropReason("undelivered")
    /// It was to be fired after a fire that failed or was cancelled.
    public static let fireFailed = DropReason("fireFailed")
    /// It was to be fired after a fire that was over already.
    public static let fireEnded = DropReason("fireEnded")
    /// It was to be fired after an event that was itself fired after another, and so on: more often than fires may be nested.
    public static let nestedTooDeep = DropReason("nestedTooDeep")
}

/// An observation, to end it. Letting go of the value ends nothing.
public struct ObserverRegistration: Sendable {
    private weak let observers: Observers?
    private let id: Int

    init(of observers: Observers, id: Int) {
        self.observers = observers
        self.id = id
    }

    /// Ends the observation. Fires under way may still be reported.
    public func cancel() { observers?.remove(id) }
}

/// The observers at one moment. Fires hold it outside the lock, so it is never changed: a list with one more or one fewer is a new one.
struct ObserverList: Sendable {
    let all: [any DispatchObserver]
    /// Whether all of them only record.
    let onlyRecord: Bool
    /// The recorder that observes, if nobody else does.
    let soleRecorder: (any FireRecorder)?

    fileprivate init(_ entries: [ObserverEntry] = []) {
        all = entries.map(\.observer)
        onlyRecord = entries.allSatisfy { $0.recorder != nil }
        soleRecorder = entries.count == 1 ? entries[0].recorder : nil
    }
}

private struct ObserverEntry: Sendable {
    let id: Int
    let observer: any DispatchObserver
    /// The same observer, if it only records.
    let recorder: (any FireRecorder)?
}

/// The observers of a dispatcher.
final class Observers: Sendable {
    private struct State {
        var added = 0
        var entries: [ObserverEntry] = [] {
            didSet { list = ObserverList(entries) }
        }
        private(set) var list = ObserverList()
    }

    /// Read by every fire; without observers it is all that a fire reads.
    private let hasNone = Atomic(true)
    private let state = Locked(State())

    /// Adds an observer, and returns what to remove it by.
    ///
    /// - Parameter recorder: the same observer, if it only records.
    func add(_ observer: any DispatchObserver, recorder: (any FireRecorder)?) -> Int {
        state.withLock { state in
            state.added += 1
            state.entries.append(ObserverEntry(id: state.added, observer: observer, recorder: recorder))
            hasNone.store(false, ordering: .releasing)
            return state.added
        }
    }

    func remove(_ id: Int) {
        let removed = state.withLock { state -> ObserverList? in
            guard let index = state.entries.firstIndex(where: { $0.id == id }) else { return nil }
            let old = state.list
            state.entries.remove(at: index)
            hasNone.store(state.entries.isEmpty, ordering: .releasing)
            return old
        }
        withExtendedLifetime(removed) {}
    }

    /// Whether nobody observes.
    @inline(__always)
    var isEmpty: Bool { hasNone.load(ordering: .acquiring) }

    /// The observers as they are now; nil without any.
    var current: ObserverList? { isEmpty ? nil : state.withLock { $0.list } }
}
