import CEventDispatch
import EventDispatch
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Records what a dispatcher does, to be looked at: a page for a browser, or a file for Perfetto.
///
/// ```swift
/// let trace = EventDispatchTrace()
/// dispatcher.observe(with: trace)
/// …
/// try trace.write(to: "trace.html")
/// ```
///
/// It keeps the last fires and counts those that gave way: with its handlers, nested fires, retries, time-outs, detached runs and
/// deliveries, with threads and times. It may observe several dispatchers, and durable subscriptions. Recording takes no lock, so no handler
/// waits for it. It keeps names, numbers and the texts of errors, and retains no event, error or handler.
public final class EventDispatchTrace: DispatchRecorder {
    private let ring: TraceRing<Happening>
    private let describe: (@Sendable (any MatchableEvent) -> String)?
    private let clock: TraceClock
    private let fireCount = Atomic<Int>(0)
    /// The dispatchers that are observed, to say who listens to what when the trace is written.
    private let dispatchers = Locked<[Listeners]>([])

    /// How many places a fire of one handler takes: its begin and end, and those of the handler.
    private static let placesOfFire = 4
    /// How many fires it keeps at most: memory is taken at once.
    private static let mostFires = 1_000_000
    /// How long the description of an event may be, in Unicode scalars.
    private static let descriptionLength = 400

    /// Makes a trace, which records nothing until a dispatcher is observed with it.
    ///
    /// - Parameters:
    ///   - capacity: how many fires with one handler it keeps, at least; fewer of those with more. Each takes about 600 bytes, which are
    ///     allocated at once. Below 1 counts as 1, and above a million as a million.
    ///   - clock: what the times of the trace are measured on. The clock of a dispatcher has no part in them.
    ///   - describing: makes the description of an event, which is escaped and cut; called where the event is fired, and must not fire. None
    ///     by default: events may have what isn't for everybody who sees the trace. `{ "\($0)" }` writes all of it.
    public init(
        capacity: Int = 10_000,
        clock: any Clock<Duration> = .continuous,
        describing: (@Sendable (any MatchableEvent) -> String)? = nil
    ) {
        ring = TraceRing(atLeast: min(max(capacity, 1), Self.mostFires) * Self.placesOfFire)
        self.clock = TraceClock(clock)
        describe = describing
    }

    /// Forgets what was recorded.
    public func clear() {
        ring.removeAll()
        fireCount.store(0, ordering: .relaxed)
    }

    /// What was recorded so far, put together.
    package var snapshot: TraceSnapshot {
        let listeners = dispatchers.withLock { $0.compactMap(\.listeners).unshared }
        return TraceSnapshot(
            of: ring.elements(copiedBy: \.unshared),
            begun: fireCount.load(ordering: .relaxed),
            givenUp: ring.givenUp,
            clock,
            listeners.map { ($0.dispatcherName, $0.events) }
        )
    }

    /// Writes the page: one file, which needs no network, and opens in any browser.
    ///
    /// - Parameter path: where the file is to be; one that is there is replaced.
    /// - Throws: an error of Foundation when the file can't be written.
    public func write(to path: String) throws {
        try Data(TracePage(snapshot).bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Writes the trace in the Trace Event Format, which [Perfetto](https://ui.perfetto.dev) and `chrome://tracing` open.
    ///
    /// - Parameter path: where the file is to be; one that is there is replaced.
    /// - Throws: an error of Foundation when the file can't be written.
    public func write(perfetto path: String) throws {
        try Data(PerfettoTrace(snapshot).bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    // MARK: Recording

    package func begin(observing dispatcher: EventDispatcher) {
        let listeners = Listeners(listeners: dispatcher.listeners)
        dispatchers.withLock { dispatchers in
            dispatchers.removeAll { $0.listeners == nil || $0.listeners === listeners.listeners }
            dispatchers.append(listeners)
        }
    }

    @inline(__always)
    private func note(_ kind: Happening.Kind, of fire: UInt64, handler: UInt64 = 0) {
        ring.append(
            Happening(
                time: clock.now,
                fire: fire,
                handler: handler,
                thread: ed_thread_number(),
                task: UInt(bitPattern: ed_current_task()),
                kind: kind
            )
        )
    }

    /// Records the begin of a fire.
    public func fireStarted(_ fire: ObservedFire) { noteBegin(of: fire) }

    private func noteBegin(of fire: ObservedFire) {
        fireCount.add(1, ordering: .relaxed)
        let description = describe.map { traced($0(fire.event), atMost: Self.descriptionLength) }
        let hasExtra = description != nil || fire.delivery != nil
        let begin = FireBegin(
            type: type(of: fire.event),
            dispatcher: fire.dispatcherName,
            parent: fire.parent,
            firedBy: fire.firedBy?.id ?? 0,
            isDetached: fire.isDetached,
            isPosted: fire.isPosted,
            extra: hasExtra ? FireBegin.Extra(description, fire.delivery) : nil
        )
        note(.fireBegan(begin), of: fire.id)
    }

    /// Records the begin of a handler. A detached one is a fire of its own.
    public func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) {
        if fire.isDetached { noteBegin(of: fire) }
        note(.handlerBegan(handler.label, phase: handler.phase), of: fire.id, handler: handler.id)
    }

    /// Records an attempt that failed.
    public func attemptFailed(_ outcome: HandlerOutcome, in fire: ObservedFire) {
        let text = HandlerEnd.text(of: outcome.result)
        note(.attemptFailed(attempts: outcome.attempts, text: text), of: fire.id, handler: outcome.handlerID)
    }

    /// Records the end of a handler.
    public func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {
        if fire.isDetached, outcome.attempts == 0 { noteBegin(of: fire) }
        note(.handlerEnded(HandlerEnd(outcome)), of: fire.id, handler: outcome.handlerID)
    }

    /// Records the end of a handler that was left behind.
    public func overrunEnded(_ handler: ObservedHandler, in fire: ObservedFire) {
        note(.overrunEnded, of: fire.id, handler: handler.id)
    }

    /// Records the end of a fire, and the handlers that didn't start.
    public func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport) {
        if report.succeeded < report.matched { noteUntold(report.outcomes, of: fire.id) }
        note(.fireEnded, of: fire.id)
    }

    /// Records the outcomes of handlers that no end is told of: those that didn't start, and those that departed from their fire.
    private func noteUntold(_ outcomes: [HandlerOutcome], of fire: UInt64) {
        let ends = outcomes.filter { !$0.hasStarted || $0.result.isDetached }.map(HandlerEnd.init)
        if !ends.isEmpty { note(.notStarted(ends), of: fire) }
    }

    /// Records that an event had no handler.
    public func unhandled(_ fire: ObservedFire) { note(.unhandled, of: fire.id) }

    /// Records an event that was dropped.
    public func dropped(_ event: any MatchableEvent, reason: DropReason) {
        note(.dropped(type(of: event), reason: reason.description), of: 0)
    }
}

// Fires in place, which are told without the values that take the time.

extension EventDispatchTrace {
    package func fireStartedInPlace(_ fire: UInt64, _ event: EventInPlace, at dispatcher: String) {
        fireCount.add(1, ordering: .relaxed)
        let description = describe.map { traced($0(event.event), atMost: Self.descriptionLength) }
        let begin = FireBegin(
            type: event.type,
            dispatcher: dispatcher,
            parent: nil,
            firedBy: 0,
            isDetached: false,
            isPosted: false,
            extra: description.map { FireBegin.Extra($0, nil) }
        )
        note(.fireBegan(begin), of: fire)
    }

    package func handlerStartedInPlace(_ handler: UInt64, _ label: HandlerLabel, phase: String, in fire: UInt64) {
        note(.handlerBegan(label, phase: phase), of: fire, handler: handler)
    }

    package func handlerSucceededInPlace(_ handler: UInt64, _ label: HandlerLabel, phase: String, in fire: UInt64) {
        note(.handlerSucceeded, of: fire, handler: handler)
    }

    package func handlerFailedInPlace(_ outcome: HandlerOutcome, in fire: UInt64) {
        note(.handlerEnded(HandlerEnd(outcome)), of: fire, handler: outcome.handlerID)
    }

    package func fireFinishedInPlace(_ fire: UInt64, isUnhandled: Bool, _ outcomes: [HandlerOutcome]) {
        if isUnhandled { note(.unhandled, of: fire) }
        if !outcomes.isEmpty { noteUntold(outcomes, of: fire) }
        note(.fireEnded, of: fire)
    }
}

/// A duration in nanoseconds; 0 for a negative one.
private func nanoseconds(_ duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (whole, isTooMuch) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return isTooMuch ? .max / 2 : min(whole, .max / 2) + UInt64(attoseconds / 1_000_000_000)
}

private struct Listeners: Sendable {
    weak let listeners: DispatcherListeners?
}

extension HandlerResult {
    fileprivate var isDetached: Bool { if case .detached = self { true } else { false } }
}

/// The clock of a trace.
struct TraceClock: Sendable {
    /// Nil for the clock of the system, which is read faster without it.
    private let other: (@Sendable () -> UInt64)?
    private let madeAt: UInt64
    private let madeOn = Date()

    init(_ clock: any Clock<Duration>) {
        other = clock is ContinuousClock ? nil : Self.reading(clock)
        madeAt = other?() ?? ed_nanoseconds()
    }

    private static func reading<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> UInt64 {
        let start = clock.now
        return { nanoseconds(start.duration(to: clock.now)) }
    }

    /// Nanoseconds since some moment.
    @inline(__always)
    var now: UInt64 { other?() ?? ed_nanoseconds() }

    /// The time of day of a moment.
    func date(of time: UInt64) -> Date { madeOn.addingTimeInterval(Double(Int64(bitPattern: time &- madeAt)) / 1e9) }
}
