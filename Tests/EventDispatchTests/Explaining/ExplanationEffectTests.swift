import EventDispatch
import EventDispatchTesting
import Testing

/// What an explanation leaves as it was, and from where it may be asked for.
@Suite(.timeLimit(.minutes(10))) struct ExplanationEffectTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `nothing runs`() throws {
        dispatcher.observe(with: JournalObserver(journal: journal))
        let subscription = try dispatcher.on(Parcel.self) { [journal] _ in journal.note("ran") }
        #expect(dispatcher.explain(Parcel()).matched.count == 1)
        #expect(dispatcher.explain(Parcel(), subscription).matched.count == 1)
        #expect(journal.entries.isEmpty)
        subscription.cancel()
    }

    @Test func `no limit is used up`() throws {
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) {
                Handle { _ in }.once()
                Handle { _ in }.limit(1, counting: .successes)
                Handle { _ in }.limit(1, per: \.to)
                Rule { Handle { _ in } }.limit(1)
            }
        }
        for _ in 0..<3 {
            #expect(dispatcher.explain(Parcel()).matched.count == 4)
            #expect(dispatcher.explain(Parcel(), subscription).matched.count == 4)
        }
        #expect(try dispatcher.fireSynchronously(Parcel()).succeeded == 4)
        subscription.cancel()
    }

    @Test func `a limit per key does not remember what was explained`() throws {
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) { Handle { _ in }.limit(1, per: \.to, capacity: 2) }
        }
        for place in ["Oslo", "Bergen"] { try dispatcher.fireSynchronously(Parcel(to: place)) }
        for place in ["Oslo", "Moss", "Bodø", "Oslo"] { _ = dispatcher.explain(Parcel(to: place)) }
        try dispatcher.fireSynchronously(Parcel(to: "Moss"))
        #expect(dispatcher.handlers[0].forgottenKeys == 1)
        #expect(dispatcher.explain(Parcel(to: "Oslo")).matched.count == 1)
        #expect(dispatcher.explain(Parcel(to: "Bergen")).matched.isEmpty)
        subscription.cancel()
    }

    @Test func `nothing is retained`() throws {
        final class Captured: Sendable {}
        weak var captured: Captured?
        var explanation: MatchExplanation?
        do {
            let object = Captured()
            captured = object
            let subscription = try dispatcher.subscribe {
                On(Parcel.self) {
                    Where { _ in withExtendedLifetime(object) { true } }
                    Handle { _ in withExtendedLifetime(object) {} }
                    Rule {
                        Where { _ in withExtendedLifetime(object) { false } }
                        Handle { _ in withExtendedLifetime(object) {} }
                    }
                }
            }
            explanation = dispatcher.explain(Parcel())
            subscription.cancel()
        }
        #expect(captured == nil)
        #expect(explanation?.matched.count == 1)
    }

    @Test func `an event is explained before the dispatcher starts`() throws {
        let dispatcher = EventDispatcher(started: false)
        let subscription = try dispatcher.on(Parcel.self) { _ in }
        #expect(dispatcher.explain(Parcel()).matched.count == 1)
        subscription.cancel()
    }

    @Test func `a handler may ask for an explanation`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) {
                Handle { [dispatcher, journal] event in journal.note("\(dispatcher.explain(event).matched.count)") }
                Handle { [dispatcher, journal] event in
                    await Task.yield()
                    journal.note("\(dispatcher.explain(event).matched.count)")
                }
                Where { [dispatcher, journal] _ in
                    journal.note("\(dispatcher.explain(Ping()).handlers)")
                    return true
                }
            }
        }
        try await dispatcher.fire(Parcel())
        #expect(Set(journal.entries) == ["0", "2"])
        subscription.cancel()
    }

    @Test func `a value may ask for an explanation while it is registered`() throws {
        let first = try dispatcher.on(Asked.self) { _ in }
        let second = try dispatcher.subscribe {
            On(Asked.self) {
                Where(
                    \.curious,
                    is: Curious { [dispatcher, journal] in
                        journal.note("\(dispatcher.explain(Asked()).handlers) \(dispatcher.explain(Ping()).handlers)")
                    }
                )
                Handle { _ in }
            }
        }
        #expect(Set(journal.entries) == ["1 0"])
        first.cancel()
        second.cancel()
    }

    @Test func `explanations go on while others subscribe`() async throws {
        let permanent = try dispatcher.on(Parcel.self, where: \.to == "Oslo") { _ in }
        let first = dispatcher.explain(Parcel()).matched
        let failing = try dispatcher.on(Parcel.self, where: \.to == "Bergen") { _ in }
        let isDone = Flag()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [dispatcher] in
                for number in 0..<3_000 {
                    let filter: Filter<Parcel> = number.isMultiple(of: 2) ? \.to == "Oslo" : \.weight == number
                    guard let subscription = try? dispatcher.on(Parcel.self, where: filter, { _ in }) else { continue }
                    if number % 3 > 0 { subscription.cancel() }
                    if number % 100 == 0 { await Task.yield() }
                }
                isDone.set()
            }
            group.addTask { [dispatcher] in
                repeat {
                    let explanation = dispatcher.explain(Parcel())
                    let kept = explanation.obstacles.reduce(explanation.furtherHandlers) { $0 + $1.handlers }
                    #expect(Array(explanation.matched.prefix(1)) == first)
                    #expect(explanation.matched.count + kept == explanation.handlers)
                    #expect(dispatcher.explain(Parcel(), failing).obstacles.map(\.value) == [#""Oslo""#])
                    await Task.yield()
                } while !isDone.isSet
            }
        }
        permanent.cancel()
        failing.cancel()
    }
}

private struct Asked: MatchableEvent {
    var curious = Curious {}

    struct MatchKeys: MatchKeySet {
        let curious = Key(\.curious)
    }
}

/// A value that does something when it is hashed.
private struct Curious: Hashable, Sendable {
    let act: @Sendable () -> Void

    init(_ act: @escaping @Sendable () -> Void) { self.act = act }

    static func == (left: Self, right: Self) -> Bool { true }

    func hash(into hasher: inout Hasher) { act() }
}
