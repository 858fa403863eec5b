import EventDispatch

/// Records what a dispatcher fires, and which handlers run.
///
/// ```swift
/// let recorder = EventRecorder(dispatcher)
/// try await signUp("susan")
/// #expect(recorder.events(of: UserCreated.self, where: \.role == .admin).count == 1)
/// #expect(recorder.handlers.map(\.phase) == ["before", "during"])
/// ```
///
/// It records from when it is made until ``stop()``, or until it goes.
public final class EventRecorder: Sendable {
    private let log = RecordingLog()
    private let observation: ObserverRegistration

    /// Starts recording.
    public init(_ dispatcher: EventDispatcher) { observation = dispatcher.observe(with: RecordingObserver(log: log)) }

    deinit { observation.cancel() }

    /// Ends recording. What was recorded stays.
    public func stop() { observation.cancel() }

    /// Forgets what was recorded.
    public func clear() { log.clear() }

    /// The events that were fired, in the order in which the fires began.
    public var events: [any MatchableEvent] { log.entries.fires.map(\.event) }

    /// The fires, with the events that each was fired inside of.
    public var fires: [ObservedFire] { log.entries.fires }

    /// The handlers that ran, in the order in which they ended.
    public var handlers: [RecordedHandler] { log.entries.handlers }

    /// The events of a type that were fired, in the order in which the fires began.
    public func events<Event: MatchableEvent>(of type: Event.Type, where filter: Filter<Event>? = nil) -> [Event] {
        events.compactMap { $0 as? Event }.filter { filter?.matches($0) ?? true }
    }

    /// The handlers that ran for events of a type, in the order in which they ended.
    public func handlers<Event: MatchableEvent>(
        of type: Event.Type,
        where filter: Filter<Event>? = nil
    ) -> [RecordedHandler] {
        handlers.filter { handler in (handler.event as? Event).map { filter?.matches($0) ?? true } ?? false }
    }
}

/// A handler that ran, as an ``EventRecorder`` keeps it.
public struct RecordedHandler: Sendable, CustomStringConvertible {
    /// The event that it ran for.
    public let event: any MatchableEvent
    /// The handler's outcome.
    public let outcome: HandlerOutcome

    /// The name that it was given, or an empty string.
    public var name: String { outcome.handler.name }
    /// The phase that it ran in.
    public var phase: String { outcome.phase }

    /// The event's name, and the outcome, on one line.
    public var description: String { "\(escapingControlCharacters(type(of: event).eventName)): \(outcome)" }
}

/// The recorded fires and handlers.
final class RecordingLog: Sendable {
    struct Entries: Sendable {
        var fires: [ObservedFire] = []
        var handlers: [RecordedHandler] = []
    }

    private let storage = Locked(Entries())

    var entries: Entries {
        storage.withLock { Entries(fires: $0.fires.unshared, handlers: $0.handlers.unshared) }
    }

    func note(_ fire: ObservedFire) { storage.withLock { $0.fires.append(fire) } }

    func note(_ handler: RecordedHandler) { storage.withLock { $0.handlers.append(handler) } }

    func clear() {
        let old = storage.withLock { entries in
            defer { entries = Entries() }
            return entries
        }
        withExtendedLifetime(old) {}
    }
}

/// Writes what a dispatcher tells into a log.
struct RecordingObserver: DispatchObserver {
    let log: RecordingLog

    func fireStarted(_ fire: ObservedFire) { log.note(fire) }

    func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {
        log.note(RecordedHandler(event: fire.event, outcome: outcome))
    }
}
