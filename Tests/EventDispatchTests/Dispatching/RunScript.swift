import EventDispatch

/// Handlers of one event, and what each of them does, in the order in which they are registered.
struct RunScript: Sendable, CustomStringConvertible {
    /// What a handler does.
    enum Act: CaseIterable, Sendable {
        case reply, fail, stop, cancelNext, cancelTask, suspend, failLater

        var suspends: Bool { self == .suspend || self == .failLater }
    }

    let acts: [Act]
    /// The phase of each handler.
    let phases: [StandardPhases]
    let isSerial: Bool

    var description: String { "\(zip(phases, acts).map { "\($0) \($1)" })\(isSerial ? " serial" : "")" }

    /// All scripts of handlers in the given phases.
    static func all(of acts: [Act], in phases: [StandardPhases], isSerial: Bool) -> [RunScript] {
        var sequences: [[Act]] = [[]]
        for _ in phases { sequences = sequences.flatMap { sequence in acts.map { sequence + [$0] } } }
        return sequences.map { RunScript(acts: $0, phases: phases, isSerial: isSerial) }
    }
}

extension RunScript {
    /// How a script is fired.
    struct Way: Sendable, CustomStringConvertible {
        var isInPlace = false
        var isObserved = false
        /// Whether handlers have limits that leave them all starts.
        var isLimited = false
        var detail = ReportDetail.failures

        var description: String {
            "\(isInPlace ? "in place" : "in a task")\(isObserved ? ", observed" : "")\(isLimited ? ", limited" : ""), detail: .\(detail)"
        }
    }

    /// What came of a script, apart from durations and outcomes of handlers that succeeded.
    struct Outcome: Equatable, Sendable {
        var order: [String]
        var matched = 0
        var succeeded = 0
        var problems: [String] = []
        var replies: [Int] = []
        var thrown = ""
    }

    private struct Failure: Error {}
    private struct NoObserver: DispatchObserver {}

    /// Runs the script in a task and a dispatcher of its own.
    func outcome(_ way: Way) async throws -> Outcome {
        let dispatcher = EventDispatcher()
        let journal = Journal()
        if way.isObserved { dispatcher.observe(with: NoObserver()) }
        let subscriptions = Locked<[EventSubscription]>([])
        for index in acts.indices {
            let subscription = try subscribe(index, way, at: dispatcher, journal) {
                let next = subscriptions.withLock { $0.dropFirst(index + 1).first }
                next?.cancel()
            }
            subscriptions.withLock { $0.append(subscription) }
        }
        return await Task { await fire(at: dispatcher, way, journal) }.value
    }

    private func subscribe(
        _ index: Int,
        _ way: Way,
        at dispatcher: EventDispatcher,
        _ journal: Journal,
        cancelNext: @escaping @Sendable () -> Void
    ) throws -> EventSubscription {
        let act = acts[index]
        let limited = { (handler: Handle<Scripted>) in way.isLimited ? handler.limit(2) : handler }
        return try dispatcher.subscribe {
            On(Scripted.self) {
                Phase(phases[index], isSerial ? .serial : []) {
                    if act.suspends {
                        limited(
                            Handle("\(index)") { _ in
                                journal.note("\(index)")
                                await Task.yield()
                                if act == .failLater { throw Failure() }
                                return index
                            }
                        )
                    } else {
                        limited(
                            Handle("\(index)") { _ in
                                journal.note("\(index)")
                                switch act {
                                case .fail: throw Failure()
                                case .stop: DispatchContext.current?.stop()
                                case .cancelNext: cancelNext()
                                case .cancelTask: withUnsafeCurrentTask { $0?.cancel() }
                                case .reply, .suspend, .failLater: break
                                }
                                return index
                            }
                        )
                    }
                }
            }
        }
    }

    private func fire(at dispatcher: EventDispatcher, _ way: Way, _ journal: Journal) async -> Outcome {
        do {
            let report =
                way.isInPlace
                ? try dispatcher.fireSynchronously(Scripted(), detail: way.detail)
                : try await dispatcher.fireReporting(Scripted(), detail: way.detail)
            return outcome(report, journal)
        } catch {
            guard let report = (error as? DispatchFailure)?.report as? DispatchReport<Scripted> else {
                return Outcome(
                    order: journal.entries,
                    thrown: (error as? DispatchError)?.code.description ?? "\(error)"
                )
            }
            var outcome = outcome(report, journal)
            outcome.thrown = "failure"
            return outcome
        }
    }

    private func outcome(_ report: DispatchReport<Scripted>, _ journal: Journal) -> Outcome {
        Outcome(
            order: journal.entries,
            matched: report.matched,
            succeeded: report.succeeded,
            problems: report.outcomes.map { "\($0.handler.name) \($0.result)" }.filter { !$0.hasSuffix("succeeded") },
            replies: report.replies
        )
    }
}

private struct Scripted: MatchableEvent {
    typealias Reply = Int
}
