import EventDispatch
import TestSupport
import Testing

/// Fires on one thread while another is inside a change.
@Suite(.timeLimit(.minutes(10))) struct ConcurrentChangeTests {
    private let dispatcher = EventDispatcher()
    private let subscriptions = SubscriptionBag()

    @Test(arguments: Meddler.Moment.whileRegistering)
    func `a fire goes on while another thread is inside a registration`(moment: Meddler.Moment) async throws {
        final class Owner: Sendable {}
        let owner = Owner()
        subscriptions.insert(try dispatcher.on(Ping.self, weak: owner) { _, _ in })
        for number in 0..<3 {
            try register(\.value == Meddler(number))
            try register(\.value >= Meddler(number))
        }
        let halt = Halt()
        let isOn = Flag()
        let meddler = Meddler(3) { if $0 == moment, isOn.isSet { halt.stop() } }
        let filters: [Filter<Sample<Meddler>>] = [\.value == meddler, \.value >= meddler]
        isOn.set()
        async let registered = onThread { [dispatcher] in
            try? dispatcher.subscribe {
                On(Sample<Meddler>.self) {
                    AnyOf {
                        Where(filters[0])
                        Where(filters[1])
                    }
                    Handle { _ in }
                }
            }
        }
        #expect(await comesTrue { halt.isReached })
        let matched = await onThread { [dispatcher] in
            (0..<4).map { (try? dispatcher.fireSynchronously(Sample(Meddler($0))))?.matched }
        }
        #expect(matched == [2, 3, 4, 3])
        #expect(try await dispatcher.fire(Ping()).matched == 1)
        halt.release()
        let subscription = try #require(await registered)
        #expect(try dispatcher.fireSynchronously(Sample(Meddler(3))).matched == 4)
        subscription.cancel()
        withExtendedLifetime(owner) {}
    }

    @Test func `a handler that another thread cancels during a fire does not start`() async throws {
        let halt = Halt()
        let journal = Journal()
        subscriptions.insert(try dispatcher.on(Ping.self) { _ in halt.stop() })
        let next = try dispatcher.on(Ping.self) { _ in journal.note("ran") }
        async let outcomes = onThread { [dispatcher] in
            (try? dispatcher.fireSynchronously(Ping()))?.outcomes.map(\.result.description)
        }
        #expect(await comesTrue { halt.isReached })
        await onThread { next.cancel() }
        halt.release()
        #expect(await outcomes == ["skipped: unsubscribed"])
        #expect(journal.entries.isEmpty)
    }

    @Test func `a handler that another thread adds during a fire is for the next`() async throws {
        let halt = Halt()
        subscriptions.insert(try dispatcher.on(Ping.self) { _ in halt.stop() })
        async let first = onThread { [dispatcher] in (try? dispatcher.fireSynchronously(Ping()))?.matched }
        #expect(await comesTrue { halt.isReached })
        for _ in 0..<100 { subscriptions.insert(try dispatcher.on(Ping.self) { _ in }) }
        halt.release()
        #expect(await first == 1)
        #expect(try dispatcher.fireSynchronously(Ping()).matched == 101)
    }

    @Test func `a handler added while a key is read is for the next fire`() throws {
        let event = Curious { [dispatcher, subscriptions] in
            for number in 0..<20 {
                guard let added = try? dispatcher.on(Curious.self, where: \.number == 1 || \.other == number, { _ in })
                else { return }
                subscriptions.insert(added)
            }
        }
        subscriptions.insert(try dispatcher.on(Curious.self, where: \.number == 1) { _ in })
        #expect(try dispatcher.fireSynchronously(event).matched == 1)
        #expect(try dispatcher.fireSynchronously(Curious {}).matched == 21)
    }

    @Test func `a subscription cancelled while a key is read does not run`() throws {
        let own = SubscriptionBag()
        own.insert(
            try dispatcher.subscribe {
                On(Curious.self) {
                    Handle { _ in }
                    Handle { _ in }.priority(1)
                    Rule {
                        Where(\.number == 1)
                        Handle { _ in }.priority(-1)
                    }
                }
            }
        )
        #expect(try dispatcher.fireSynchronously(Curious { own.cancel() }).matched == 0)
    }

    private func register(_ filter: Filter<Sample<Meddler>>) throws {
        subscriptions.insert(try dispatcher.on(Sample<Meddler>.self, where: filter) { _ in })
    }
}

/// Acts when its key is read.
private struct Curious: MatchableEvent {
    private let act: @Sendable () -> Void
    let other = 3

    init(_ act: @escaping @Sendable () -> Void) { self.act = act }

    var number: Int {
        act()
        return 1
    }

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let other = Key(\.other)
    }
}
