import EventDispatch
import EventDispatchTesting
import Testing

/// What an explanation says of the handlers that would run.
@Suite(.timeLimit(.minutes(10))) struct ExplainedMatchTests {
    private actor Depot {
        var parcels = 0
        func count() { parcels += 1 }
    }

    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `matched handlers stand in the order in which a fire runs them`() async throws {
        let subscriptions = SubscriptionBag()
        let phases: [Parcel.Phases] = [.after, .before, .during]
        for id in 0..<60 {
            let name = "\(id)"
            subscriptions.insert(
                try dispatcher.subscribe {
                    On(Parcel.self) {
                        Phase(phases[id % 3]) {
                            AnyOf {
                                Where(\.to == "Oslo")
                                Where(\.weight, in: 0..<id + 1)
                            }
                            Handle(name) { [journal] _ in journal.note(name) }.priority(id % 7 - 3)
                        }
                    }
                }
            )
        }
        for parcel in [Parcel(), Parcel(to: "Bergen", weight: 30), Parcel(to: "Bergen", weight: 99)] {
            let before = journal.entries.count
            let explained = dispatcher.explain(parcel).matched.map(\.handler.name)
            #expect(journal.entries.count == before)
            try await dispatcher.fire(parcel)
            #expect(explained == Array(journal.entries[before...]))
        }
    }

    @Test func `a matched handler is told with its phase priority and filter`() throws {
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) {
                Phase(.after) {
                    Where(\.to == "Oslo")
                    Where(\.weight, in: 0..<10)
                    Handle("weigh", line: 12) { _ in }.priority(5).limit(3)
                }
            }
        }
        let handler = try #require(dispatcher.explain(Parcel()).matched.first)
        #expect(handler.handler.name == "weigh")
        #expect(handler.phase == "after")
        #expect(handler.priority == 5)
        #expect(handler.filter == #"\.to == "Oslo" && \.weight in 0..<10"#)
        #expect(handler.startsLeft == 3)
        let place = "'weigh' at EventDispatchTests/ExplainedMatchTests.swift:12"
        #expect("\(handler)" == place + #", priority 5, where \.to == "Oslo" && \.weight in 0..<10, 3 starts left"#)
        subscription.cancel()
    }

    @Test func `handlers that have to be awaited say so`() throws {
        let depot = Depot()
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) {
                Handle("synchronous") { _ in }
                Handle("asynchronous") { _ in await Task.yield() }
                Handle("bound", on: depot) { depot, _ in depot.count() }
                Handle("sent", on: depot) { depot, _ in
                    await Task.yield()
                    depot.count()
                }
            }
        }
        let matched = dispatcher.explain(Parcel()).matched
        #expect(matched.map(\.isAsynchronous) == [false, true, true, true])
        #expect(matched.map(\.isBoundToActor) == [false, false, true, false])
        #expect("\(matched[1])".hasSuffix(", has to be awaited"))
        #expect("\(matched[2])".hasSuffix(", has to be awaited outside its actor"))
        subscription.cancel()
    }

    @Test func `a handler that several alternatives admit is listed once`() throws {
        let subscription = try dispatcher.on(Parcel.self, where: \.to == "Oslo" || \.weight == 7) { _ in }
        #expect(dispatcher.explain(Parcel()).matched.count == 1)
        subscription.cancel()
    }
}
