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
    func handlerStarted(_ handler: HandlerLabel, phase: String, in fire: ObservedFire)
    /// A handler that ran has an outcome. The duration is set.
    ///
    /// Of a detached or debounced handler this comes when it ends, which may be after its fire. It's told also when it doesn't start, for
    /// then no report says so.
    func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire)
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
    public func handlerStarted(_ handler: HandlerLabel, phase: String, in fire: ObservedFire) {}
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
    /// The names of the events that are being fired inside each other, from the outermost to this one.
    public let path: [String]

    /// The event's name.
    public var eventName: String { type(of: event).eventName }
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

/// The observers of a dispatcher.
final class Observers: Sendable {
    private struct State {
        var added = 0
        var observers: [(id: Int, observer: any DispatchObserver)] = []
    }

    /// Read by every fire; without observers it is all that a fire reads.
    private let hasNone = Atomic(true)
    private let state = Locked(State())

    /// Adds an observer, and returns what to remove it by.
    func add(_ observer: any DispatchObserver) -> Int {
        state.withLock { state in
            state.added += 1
            state.observers.append((state.added, observer))
            hasNone.store(false, ordering: .releasing)
            return state.added
        }
    }

    func remove(_ id: Int) {
        let removed = state.withLock { state in
            let removed = state.observers.filter { $0.id == id }
            state.observers.removeAll { $0.id == id }
            hasNone.store(state.observers.isEmpty, ordering: .releasing)
            return removed
        }
        withExtendedLifetime(removed) {}
    }

    /// Whether nobody observes.
    @inline(__always)
    var isEmpty: Bool { hasNone.load(ordering: .acquiring) }

    /// The observers as they are now; nil without any.
    var current: [any DispatchObserver]? {
        isEmpty ? nil : state.withLock { $0.observers.map(\.observer) }
    }
}
