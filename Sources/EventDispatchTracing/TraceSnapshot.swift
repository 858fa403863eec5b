import EventDispatch

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A trace at one moment: what happened, put together to fires and their handlers.
package struct TraceSnapshot: Sendable {
    /// A fire; or the run of a detached handler, which is a fire of its own.
    package struct Fire: Sendable {
        package let id: UInt64
        package let event: String
        package let dispatcher: String
        package let parent: UInt64?
        /// The handler that fired the event, by the number of its registration; 0 for none.
        package let firedBy: UInt64
        package let isDetached: Bool
        package let isPosted: Bool
        package let description: String?
        package let delivery: ObservedDelivery?
        package let start: UInt64
        package let thread: UInt32
        package let task: UInt
        /// Nil as long as it goes on.
        package fileprivate(set) var end: UInt64?
        package fileprivate(set) var isUnhandled = false
        /// The handlers, in the order of their starts; then those that didn't start.
        package fileprivate(set) var runs: [Run] = []

        /// Whether a handler failed.
        package var hasFailed: Bool { runs.contains { $0.result.isFailure } }
    }

    /// A handler in a fire.
    package struct Run: Sendable {
        package let handler: UInt64
        package let label: HandlerLabel
        package let phase: String
        /// Nil for one that didn't start.
        package let start: UInt64?
        package let thread: UInt32
        package fileprivate(set) var end: UInt64?
        /// When it ended after it had been left behind.
        package fileprivate(set) var lateEnd: UInt64?
        package fileprivate(set) var result = TracedResult.running
        package fileprivate(set) var attempts = 1
        package fileprivate(set) var text = ""
        /// The attempts that failed and were followed by others.
        package fileprivate(set) var failedAttempts: [(time: UInt64, text: String)] = []
    }

    /// An event that was dropped.
    package struct Drop: Sendable {
        package let event: String
        package let reason: String
        package let time: UInt64
    }

    /// The fires, in the order of their starts.
    package private(set) var fires: [Fire] = []
    package private(set) var drops: [Drop] = []
    /// How many fires gave way to later ones.
    package let lost: Int
    /// How many single facts weren't recorded because two threads met.
    package let givenUp: Int
    /// The moment of the snapshot.
    package let time: UInt64
    /// The moment of the first thing that is in it.
    package var base: UInt64 { min(fires.first?.start ?? time, drops.first?.time ?? time, time) }
    /// The time of day of the moment 0.
    package let origin: Date
    /// Who listens to what, by the names of dispatchers.
    package let listings: [(dispatcher: String, events: [EventListing])]

    init(
        of happenings: [Happening],
        begun: Int,
        givenUp: Int,
        _ clock: TraceClock,
        _ listings: [(dispatcher: String, events: [EventListing])]
    ) {
        time = clock.now
        origin = clock.date(of: 0)
        self.givenUp = givenUp
        self.listings = listings
        var places: [UInt64: Int] = [:]
        var names: [ObjectIdentifier: String] = [:]
        func name(_ type: any MatchableEvent.Type) -> String {
            if let known = names[ObjectIdentifier(type)] { return known }
            let name = traced(type.eventName, atMost: 400)
            names[ObjectIdentifier(type)] = name
            return name
        }
        var repeated = 0
        for happening in happenings {
            switch happening.kind {
            case .fireBegan(let begin):
                guard places[happening.fire] == nil else {
                    repeated += 1
                    continue
                }
                places[happening.fire] = fires.count
                fires.append(Fire(happening, begin, name(begin.type)))
            case .dropped(let type, let reason):
                drops.append(Drop(event: name(type), reason: reason, time: happening.time))
            default:
                // What belongs to a fire whose begin gave way has gone with it.
                if let place = places[happening.fire] { fires[place].take(happening) }
            }
        }
        lost = max(0, begun - repeated - fires.count)
        for index in fires.indices { fires[index].close() }
        fires.sort { ($0.start, $0.id) < ($1.start, $1.id) }
        drops.sort { $0.time < $1.time }
    }
}

extension TracedResult {
    /// Whether it is a failure: an error or a time-out.
    package var isFailure: Bool { self == .failed || self == .timedOut || self == .leftRunning }
}

extension TraceSnapshot.Fire {
    fileprivate init(_ happening: Happening, _ begin: FireBegin, _ name: String) {
        id = happening.fire
        event = name
        dispatcher = traced(begin.dispatcher, atMost: 200)
        parent = begin.parent
        firedBy = begin.firedBy
        isDetached = begin.isDetached
        isPosted = begin.isPosted
        description = begin.extra?.description
        delivery = begin.extra?.delivery
        start = happening.time
        thread = happening.thread
        task = happening.task
    }

    /// Takes in what happened to it later.
    fileprivate mutating func take(_ happening: Happening) {
        switch happening.kind {
        case .handlerBegan(let label, let phase):
            runs.append(
                TraceSnapshot.Run(
                    handler: happening.handler,
                    label: label,
                    phase: phase,
                    start: happening.time,
                    thread: happening.thread
                )
            )
        case .attemptFailed(let attempts, let text):
            change(happening.handler) { run in
                run.attempts = attempts + 1
                run.failedAttempts.append((happening.time, text))
            }
        case .handlerEnded(let end):
            if !runs.contains(where: { $0.handler == end.handler }) { runs.append(TraceSnapshot.Run(end)) }
            change(end.handler) { $0.end(at: happening.time, end) }
        case .handlerSucceeded:
            change(happening.handler) { run in
                run.result = .succeeded
                run.end = happening.time
            }
        case .overrunEnded:
            change(happening.handler) { $0.lateEnd = happening.time }
        case .notStarted(let ends):
            for end in ends where !runs.contains(where: { $0.handler == end.handler }) {
                runs.append(TraceSnapshot.Run(end))
            }
        case .unhandled: isUnhandled = true
        case .fireEnded: end = happening.time
        case .fireBegan, .dropped: break
        }
    }

    private mutating func change(_ handler: UInt64, _ change: (inout TraceSnapshot.Run) -> Void) {
        // The last ones are most probably meant: handlers end soon after they began.
        if let index = runs.lastIndex(where: { $0.handler == handler }) { change(&runs[index]) }
    }

    /// A detached run has no end of its own: it ends with its handler. And no handler goes on when its fire has ended without a word of it.
    fileprivate mutating func close() {
        if isDetached, let run = runs.first, run.result != .running { end = run.end ?? start }
        guard let end else { return }
        for index in runs.indices where runs[index].result == .running {
            runs[index].end = end
            runs[index].text = "its end was not recorded"
        }
    }
}

extension TraceSnapshot.Run {
    /// A handler that didn't start.
    fileprivate init(_ end: HandlerEnd) {
        handler = end.handler
        label = end.label
        phase = end.phase
        start = nil
        thread = 0
        result = end.result
        attempts = end.attempts
        text = end.text
    }

    fileprivate mutating func end(at time: UInt64, _ end: HandlerEnd) {
        result = end.result
        attempts = end.attempts
        text = end.text
        if start != nil { self.end = time }
    }
}
