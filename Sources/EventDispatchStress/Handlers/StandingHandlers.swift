import EventDispatch
import Synchronization

/// The subscriptions that stand still through a round, and what their handlers have to see of an event.
final class StandingHandlers: Sendable {
    /// How many starts the ticks of one number get.
    private static let limit = 1_000

    private let findings: Findings
    private let desk = Desk()
    private let postsRun = Atomic(0)
    private let limitedMatches = Atomic(0)
    private let limitedRuns = Atomic(0)

    init(_ findings: Findings) { self.findings = findings }

    /// How many posted events came to their last handler.
    var posts: Int { postsRun.load(ordering: .relaxed) }

    func subscribe(to dispatcher: EventDispatcher) throws(DispatchError) -> [EventSubscription] {
        [
            try dispatcher.subscribe { ticks },
            try dispatcher.subscribe { parcels },
            try dispatcher.subscribe { wrapped },
        ]
    }

    /// Notes when a tick was not seen by all handlers that it matches, or by one of them twice.
    func check(_ tick: Tick) {
        let expected = [
            true,
            tick.number == 5,
            (8..<40).contains(tick.number),
            tick.name.hasPrefix("area.1"),
            tick.number % 2 == 1,
            [1, 2, 3].contains(tick.number),
            tick.number != 9 && tick.number < 60,
            true,
        ].map { $0 ? 1 : 0 }
        let seen = tick.seen.ofStanding
        findings.expect(seen == expected, "handlers saw tick \(tick.number) \(seen) times instead of \(expected)")
        let ofIDs = tick.seen.ofIDs
        findings.expect(ofIDs.allSatisfy { $0 <= 1 }, "handlers of one ID saw a tick \(ofIDs) times")
    }

    /// Notes when a parcel was not seen by all handlers that it matches, or by one of them twice.
    func check(_ parcel: Parcel) {
        let expected = [1, 1, 1, parcel.number % 4 == 0 ? 1 : 0, 0, 0, 0, 0]
        let seen = parcel.seen.ofStanding
        findings.expect(seen == expected, "handlers saw a parcel \(seen) times instead of \(expected)")
    }

    /// Notes when a limit was not kept, or not used up.
    func checkLimit() {
        let (matches, runs) = (limitedMatches.load(ordering: .relaxed), limitedRuns.load(ordering: .relaxed))
        let expected = min(matches, Self.limit)
        findings.expect(runs == expected, "of \(matches) events \(runs) started a handler instead of \(expected)")
    }

    private var ticks: On<Tick> {
        On(Tick.self) {
            Phase(.early) {
                Handle { $0.seen.note(standing: 0) }
            }
            Rule {
                Where(\.number == 5)
                Handle { $0.seen.note(standing: 1) }
            }
            Rule {
                Where(\.number, in: 8..<40)
                Handle { $0.seen.note(standing: 2) }
            }
            Rule {
                Where(\.name, hasPrefix: "area.1")
                Handle { $0.seen.note(standing: 3) }
            }
            Rule {
                Where(\.name, matches: "area.*.odd")
                Handle { $0.seen.note(standing: 4) }
            }
            Rule {
                Where(\.number, in: [1, 2, 3])
                Handle { $0.seen.note(standing: 5) }
            }
            Rule {
                Where(\.number != 9)
                Where(\.number, lessThan: 60)
                Handle { $0.seen.note(standing: 6) }
            }
            Rule {
                Where(\.number == 7)
                Handle { [self] _ in limitedMatches.add(1, ordering: .relaxed) }
                Handle { [self] _ in limitedRuns.add(1, ordering: .relaxed) }.limit(Self.limit)
            }
            Phase(.late) {
                Handle { [self] tick in
                    tick.seen.note(standing: 7)
                    if tick.isPosted { endPost(tick) }
                }
            }
        }
    }

    private func endPost(_ tick: Tick) {
        postsRun.add(1, ordering: .relaxed)
        check(tick)
    }

    private var parcels: On<Parcel> {
        On(Parcel.self) {
            Handle { parcel in
                await Task.yield()
                parcel.seen.note(standing: 0)
            }
            Handle(on: desk) { desk, parcel in
                desk.parcels += 1
                parcel.seen.note(standing: 1)
            }
            Handle { $0.seen.note(standing: 2) }
            Rule {
                Where(satisfying: { $0.number % 4 == 0 })
                Handle { parcel in
                    await Task.yield()
                    parcel.seen.note(standing: 3)
                }
                .timeout(.seconds(600))
            }
        }
    }

    private var wrapped: On<Wrapped> {
        On(Wrapped.self) {
            Rule {
                Where(\.isAwaited == false)
                Handle { [self] wrapped in
                    try DispatchContext.current?.dispatcher.fireSynchronously(wrapped.content)
                    check(wrapped.content)
                }
            }
            Rule {
                Where(\.isAwaited == true)
                Handle { [self] wrapped in
                    try await DispatchContext.current?.dispatcher.fire(wrapped.content)
                    check(wrapped.content)
                }
            }
        }
    }
}

/// The actor on which a standing handler runs.
actor Desk {
    var parcels = 0
}
