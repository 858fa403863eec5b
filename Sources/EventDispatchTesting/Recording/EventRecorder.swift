import EventDispatch
import EventDispatchTracing

/// Records what a dispatcher fires, and which handlers run.
///
/// ```swift
/// let recorder = EventRecorder(dispatcher)
/// try await signUp("susan")
/// #expect(recorder.events(of: UserCreated.self, where: \.role == .admin).count == 1)
/// #expect(recorder.handlers.map(\.phase) == ["before", "during"])
/// ```
///
/// It records from when it is made until ``stop()``, or until it goes. When a check fails, a trace shows what happened:
///
/// ```swift
/// #expect(recorder.handlers.count == 3, "\(recorder.savedTrace())")
/// ```
public final class EventRecorder: Sendable {
    private let log = RecordingLog()
    private let trace = EventDispatchTrace(capacity: 500) { printed($0, atMost: 400) }
    private let observations: [ObserverRegistration]

    /// Starts recording.
    public init(_ dispatcher: EventDispatcher) {
        observations = [dispatcher.observe(with: RecordingObserver(log: log)), dispatcher.observe(with: trace)]
    }

    deinit { stop() }

    /// Ends recording. What was recorded stays.
    public func stop() { for observation in observations { observation.cancel() } }

    /// Forgets what was recorded.
    public func clear() {
        log.clear()
        trace.clear()
    }

    /// Writes a trace of the last 500 fires, and says where it is: for the message of a check, which is made only where the check fails.
    ///
    /// The file is in the folder that the environment's `EVENT_DISPATCH_TRACES` names, or in `event-dispatch-traces` among the temporary
    /// files. It's called after the call site, and replaces that of an earlier run.
    ///
    /// - Parameters:
    ///   - fileID: the file of the call, for the name of the trace; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: a line with the path of the file, or with the reason why there is none.
    public func savedTrace(fileID: String = #fileID, line: Int = #line) -> String {
        do {
            return "a trace is in \(try saveTrace(CallSite(fileID: fileID, line: line)))"
        } catch {
            return "no trace could be written: \(error)"
        }
    }

    /// Runs a closure. When it throws, writes a trace, and throws an error that says where it is.
    ///
    /// ```swift
    /// try await recorder.tracingFailure {
    ///     try await signUp("susan")
    ///     let created = try #require(recorder.events(of: UserCreated.self).first)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - fileID: the file of the call, for the name of the trace; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    ///   - body: the closure. It runs on the caller's actor.
    /// - Returns: what the closure returns.
    /// - Throws: ``TracedFailure``, with the closure's error in it.
    @discardableResult
    public nonisolated(nonsending) func tracingFailure<Result>(
        fileID: String = #fileID,
        line: Int = #line,
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        do { return try await body() } catch {
            throw TracedFailure(error: error, trace: savedTrace(fileID: fileID, line: line))
        }
    }

    /// Writes a trace, and returns its path.
    func saveTrace(_ site: CallSite) throws -> String {
        let path = try SavedTraces.path(for: site)
        try trace.write(to: path)
        return path
    }

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

/// The error of a closure, and where a trace of it is.
public struct TracedFailure: Error, CustomStringConvertible {
    /// What the closure threw.
    public let error: any Error
    /// A line with the path of the trace, or with the reason why there is none.
    public let trace: String

    /// The error, and the line about the trace.
    public var description: String { "\(error)\n\(trace)" }
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
