import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Line 11 of the contract: fires that are refused, beside a stop and after it.
@Suite(.timeLimit(.minutes(10))) struct RefusedFireTests {
    private let dispatcher = EventDispatcher(name: "orders")

    /// What fires and posts are refused with: the codes, and how the messages end.
    private func refusals(of dispatcher: EventDispatcher) async -> Set<String> {
        var refusals: Set<String> = []
        func note(_ error: any Error) {
            guard let error = error as? DispatchError else { return }
            refusals.insert("\(error.code): \(error.message.split(separator: "dispatcher").last ?? "")")
        }
        do { try await dispatcher.fire(Ping()) } catch { note(error) }
        do { _ = try await dispatcher.fireReporting(Ping()) } catch { note(error) }
        do { try dispatcher.fireSynchronously(Ping()) } catch { note(error) }
        do { try await dispatcher.fire(Ping()) {} } catch { note(error) }
        do { try await dispatcher.post(Ping()) } catch { note(error) }
        do { _ = try dispatcher.postNow(Ping()) } catch { note(error) }
        return refusals
    }

    @Test func `a stopped dispatcher says that it is stopped`() async throws {
        await dispatcher.stop()
        #expect(await refusals(of: dispatcher) == ["stopped:  'orders' is stopped"])
    }

    @Test func `a dispatcher that is stopping says so`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.on(Letter.self) { _ in try await gate.wait() }
        async let report = dispatcher.fire(Letter(1))
        await gate.arrivals(1)
        let stop = await SerialTasks().start { [dispatcher] in await dispatcher.stop() }
        #expect(await refusals(of: dispatcher) == ["stopped:  'orders' is stopping"])
        gate.open()
        #expect(try await report.succeeded == 1)
        #expect(await stop.value.isComplete)
        subscription.cancel()
    }

    @Test func `a dispatcher that was never started says that`() async throws {
        let dispatcher = EventDispatcher(started: false, name: "orders")
        let drops = Journal()
        dispatcher.observe(with: DropObserver(journal: drops))
        #expect(await refusals(of: dispatcher) == ["notStarted:  'orders' is not started"])
        #expect(drops.entries == ["-1 notStarted", "-1 notStarted"])
        await dispatcher.stop()
        #expect(await refusals(of: dispatcher) == ["stopped:  'orders' is stopped"])
    }

    @Test func `a stop is complete whatever is refused meanwhile`() async throws {
        let subscriptions = SubscriptionBag()
        subscriptions.insert(try dispatcher.on(Ping.self) { _ in })
        subscriptions.insert(
            try dispatcher.subscribe { On(UserCreated.self) { Handle { _ in }.priority(1).limit(.max) } }
        )
        let fireEither: @Sendable (Int) -> Void = { [dispatcher] thread in
            if thread.isMultiple(of: 2) {
                _ = try? dispatcher.fireSynchronously(Ping())
            } else {
                _ = try? dispatcher.fireSynchronously(UserCreated())
            }
        }
        let incomplete = await beside(threads: 2, fireEither) { step in
            var incomplete: [StopReport] = []
            for _ in 0..<scaled(200, full: 3_000) {
                step()
                let report = await dispatcher.stop()
                if !report.isComplete { incomplete.append(report) }
                dispatcher.start()
            }
            return incomplete
        }
        #expect(incomplete.isEmpty)
    }
}
