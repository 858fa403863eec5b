import EventDispatch
import EventDispatchTesting
import Testing

/// Subscriptions that start with what is kept.
@Suite(.timeLimit(.minutes(10))) struct StartingWithLatestTests {
    private struct Failure: Error {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()
    private let latest: LatestEvents<SettingChanged>

    init() throws { latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name) }

    private func fire(_ events: (String, Int)...) throws {
        for (name, version) in events { try dispatcher.fireSynchronously(SettingChanged(name, version)) }
    }

    private func note(_ prefix: String = "") -> @Sendable (SettingChanged) -> Void {
        let journal = journal
        return { journal.note("\(prefix)\($0.name) \($0.version)") }
    }

    // MARK: What handlers are called with

    @Test(arguments: [true, false]) func `handlers are called with what is kept and then with what is fired`(
        isAsynchronous: Bool
    ) async throws {
        try fire(("a", 1), ("b", 2), ("a", 3))
        let note = note()
        bag.insert(
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    if isAsynchronous {
                        Handle { event in
                            await Task.yield()
                            note(event)
                        }
                    } else {
                        Handle { event in note(event) }
                    }
                }
            }
        )
        #expect(journal.entries == ["b 2", "a 3"])
        try await dispatcher.fire(SettingChanged("b", 4))
        #expect(journal.entries == ["b 2", "a 3", "b 4"])
    }

    @Test func `with nothing kept they are only registered`() async throws {
        let note = note()
        bag.insert(
            try await dispatcher.subscribe(startingWith: latest) { On(SettingChanged.self) { Handle { note($0) } } }
        )
        #expect(journal.entries.isEmpty)
        try fire(("a", 1))
        #expect(journal.entries == ["a 1"])
    }

    @Test func `filters limits and phases apply`() async throws {
        try fire(("a", 1), ("b", 2), ("c", 3))
        let (note, early, late) = (note(), note("early "), note("late "))
        bag.insert(
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Where(\.version >= 2)
                    Phase(.report) { Handle { late($0) } }
                    Handle { note($0) }.once()
                    Phase(.check) { Handle { early($0) } }
                }
            }
        )
        #expect(journal.entries == ["early b 2", "b 2", "late b 2", "early c 3", "late c 3"])
        try fire(("d", 4))
        #expect(journal.entries.suffix(2) == ["early d 4", "late d 4"])
    }

    @Test func `no other handlers are called`() async throws {
        let note = note()
        bag.insert(try dispatcher.on(SettingChanged.self) { event in note(event) })
        try fire(("a", 1))
        bag.insert(
            try await dispatcher.subscribe(startingWith: latest) {
                On(Ping.self) { Handle { [journal] _ in journal.note("ping") } }
                OnAny { [journal] _ in journal.note("any") }
            }
        )
        #expect(journal.entries == ["a 1"])
        #expect(latest[\.name, "a"]?.version == 1)
        try fire(("a", 2))
        #expect(journal.entries == ["a 1", "a 2", "any"])
    }

    @Test func `a failure is for observers to see and does not end the subscription`() async throws {
        dispatcher.observe(with: JournalObserver(journal: journal))
        try fire(("a", 1), ("b", 2))
        bag.insert(
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) { Handle("h") { _ in throw Failure() } }
            }
        )
        #expect(journal.entries.filter { $0.hasPrefix("end") && $0.contains(" h apply failed") }.count == 2)
        #expect(dispatcher.handlers.contains { $0.handlerName == "h" })
    }

    @Test func `a handler that ends its subscription gets no more`() async throws {
        try fire(("a", 1), ("b", 2))
        let note = note()
        let subscription = try await dispatcher.subscribe(startingWith: latest) {
            On(SettingChanged.self) {
                Handle { event in
                    note(event)
                    DispatchContext.current?.subscription?.cancel()
                }
            }
        }
        #expect(journal.entries == ["a 1"])
        #expect(!subscription.isActive)
    }

    @Test func `handlers without an isolation run on the caller's actor`() async throws {
        try fire(("a", 1))
        let (latest, journal) = (latest, journal)
        let subscribe: @MainActor (EventDispatcher) async throws -> EventSubscription = { dispatcher in
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Handle { _ in
                        await Task.yield()
                        MainActor.assertIsolated()
                        journal.note("main")
                    }
                }
            }
        }
        bag.insert(try await subscribe(dispatcher))
        #expect(journal.entries == ["main"])
    }

    // MARK: What is refused

    @Test func `a mistake in a declaration registers nothing`() async throws {
        try fire(("a", 1))
        let error = await #expect(throws: DispatchError.self) {
            _ = try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) { Handle { _ in }.limit(0) }
            }
        }
        #expect(error?.code == .invalidLimit)
        #expect(dispatcher.handlers.count == 1)
        try fire(("a", 2))
        #expect(latest[\.name, "a"]?.version == 2)
    }

    @Test func `the latest of another dispatcher is refused`() async throws {
        let error = await #expect(throws: DispatchError.self) {
            _ = try await EventDispatcher().subscribe(startingWith: latest, line: 12) {
                On(SettingChanged.self) { Handle { _ in } }
            }
        }
        #expect(error?.code == .otherDispatcher)
        #expect(error?.location.line == 12)
    }

    @Test func `a stopped dispatcher has nothing replayed`() async throws {
        try fire(("a", 1))
        await dispatcher.stop()
        let error = await #expect(throws: DispatchError.self) {
            _ = try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) { Handle { _ in } }
            }
        }
        #expect(error?.code == .stopped)
        #expect(dispatcher.handlers.count == 1)
    }

    @Test func `a task that is cancelled before all is done has nothing registered`() async throws {
        try fire(("a", 1), ("b", 2))
        let (gate, note, latest) = (Gate(), note(), latest)
        let subscribing = Task { [dispatcher] in
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Handle { event in
                        note(event)
                        await gate.waitIgnoringCancellation()
                    }
                }
            }
        }
        await gate.arrivals(1)
        subscribing.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await subscribing.value }
        #expect(journal.entries == ["a 1"])
        #expect(dispatcher.handlers.count == 1)
        try fire(("a", 3))
        #expect(journal.entries == ["a 1"])
    }

    @Test func `a latest that was cancelled has nothing to start with`() async throws {
        try fire(("a", 1))
        latest.cancel()
        let note = note()
        bag.insert(
            try await dispatcher.subscribe(startingWith: latest) { On(SettingChanged.self) { Handle { note($0) } } }
        )
        try fire(("b", 2))
        #expect(journal.entries == ["b 2"])
        #expect(latest.events.isEmpty)
    }

    @Test func `an ID takes the place of another subscription`() async throws {
        try fire(("a", 1))
        for number in 1...2 {
            let note = note("\(number): ")
            bag.insert(
                try await dispatcher.subscribe(startingWith: latest, id: "settings") {
                    On(SettingChanged.self) { Handle { note($0) } }
                }
            )
        }
        try fire(("a", 2))
        #expect(journal.entries == ["1: a 1", "2: a 1", "2: a 2"])
    }

    // MARK: The order

    @Test func `an event that is fired before a kept one is replayed takes its place`() async throws {
        try fire(("a", 1), ("b", 1))
        let (gate, note, latest) = (Gate(), note(), latest)
        let subscribing = Task { [dispatcher] in
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Handle { event in
                        note(event)
                        if event.name == "a" { try await gate.wait() }
                    }
                }
            }
        }
        await gate.arrivals(1)
        try await dispatcher.fire(SettingChanged("b", 2))
        #expect(journal.entries == ["a 1", "b 2"])
        gate.open()
        bag.insert(try await subscribing.value)
        #expect(journal.entries == ["a 1", "b 2"])
    }

    @Test func `an event that is not kept takes the place of a kept one of its value too`() async throws {
        let latest = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name, where: \.version < 10)
        try fire(("a", 1), ("b", 1))
        let (gate, note) = (Gate(), note())
        let subscribing = Task { [dispatcher] in
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Handle { event in
                        note(event)
                        if event.name == "a" { try await gate.wait() }
                    }
                }
            }
        }
        await gate.arrivals(1)
        try await dispatcher.fire(SettingChanged("b", 12))
        gate.open()
        bag.insert(try await subscribing.value)
        #expect(journal.entries == ["a 1", "b 12"])
        #expect(latest[\.name, "b"]?.version == 1)
    }

    @Test(arguments: [true, false]) func `an event of a value that is being replayed waits for that`(
        isSynchronous: Bool
    ) async throws {
        try fire(("a", 1))
        let (gate, note, other, latest) = (Gate(), note(), note("other "), latest)
        bag.insert(try dispatcher.on(SettingChanged.self) { event in other(event) })
        let subscribing = Task { [dispatcher] in
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Handle { event in
                        note(event)
                        if event.version == 1 { try await gate.wait() }
                        note(event)
                    }
                }
            }
        }
        await gate.arrivals(1)
        for version in 2...3 {
            let report = try await dispatcher.fire(SettingChanged("a", version))
            #expect(report.outcomes.map { "\($0.result)" } == ["skipped: replaying"])
        }
        #expect(journal.entries == ["a 1", "other a 2", "other a 3"])
        gate.open()
        bag.insert(try await subscribing.value)
        // Of those that waited the last is handled.
        #expect(journal.entries == ["a 1", "other a 2", "other a 3", "a 1", "a 3", "a 3"])
        try await dispatcher.fire(SettingChanged("a", 4))
        #expect(journal.entries.suffix(3) == ["other a 4", "a 4", "a 4"])
    }

    @Test func `an event of another value does not wait`() async throws {
        try fire(("a", 1))
        let (gate, note, latest) = (Gate(), note(), latest)
        let subscribing = Task { [dispatcher] in
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Handle { event in
                        note(event)
                        if event.version == 1 { try await gate.wait() }
                    }
                }
            }
        }
        await gate.arrivals(1)
        try await dispatcher.fire(SettingChanged("b", 2))
        #expect(journal.entries == ["a 1", "b 2"])
        gate.open()
        bag.insert(try await subscribing.value)
    }

    @Test func `limits are not used up by events that wait`() async throws {
        try fire(("a", 1))
        let (gate, note, latest) = (Gate(), note(), latest)
        let subscribing = Task { [dispatcher] in
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Handle { event in
                        note(event)
                        if event.version == 1 { try await gate.wait() }
                    }.limit(3)
                }
            }
        }
        await gate.arrivals(1)
        for version in 2...9 { try await dispatcher.fire(SettingChanged("a", version)) }
        gate.open()
        bag.insert(try await subscribing.value)
        for version in 10...12 { try await dispatcher.fire(SettingChanged("a", version)) }
        #expect(journal.entries == ["a 1", "a 9", "a 10"])
    }

    @Test func `an event that a handler fires while it is replayed runs at once`() async throws {
        try fire(("a", 1))
        let note = note()
        bag.insert(
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Handle { event in
                        note(event)
                        if event.version < 3 {
                            try await DispatchContext.current?.dispatcher.fire(SettingChanged("a", event.version + 1))
                        }
                    }
                }
            }
        )
        #expect(journal.entries == ["a 1", "a 2", "a 3"])
    }

    @Test func `a circle while it is replayed ends in an error`() async throws {
        try fire(("a", 1))
        let count = Tally()
        bag.insert(
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Handle { event in
                        count.increment()
                        try await DispatchContext.current?.dispatcher.fire(event)
                    }
                }
            }
        )
        #expect(count.value == 64)
    }

    @Test func `a fire that began before the registration is not lost`() async throws {
        try fire(("a", 1))
        let (gate, note, other) = (Gate(), note(), note("other "))
        bag.insert(
            try dispatcher.on(SettingChanged.self, where: \.version == 2, during: .check) { _ in try await gate.wait() }
        )
        bag.insert(try dispatcher.on(SettingChanged.self, during: .report) { event in other(event) })
        let firing = Task { [dispatcher] in try await dispatcher.fire(SettingChanged("a", 2)) }
        await gate.arrivals(1)
        bag.insert(
            try await dispatcher.subscribe(startingWith: latest) { On(SettingChanged.self) { Handle { note($0) } } }
        )
        #expect(journal.entries == ["a 1"])
        gate.open()
        _ = try await firing.value
        let gotIt = await comesTrue { [journal] in journal.entries.contains("a 2") }
        #expect(gotIt)
        #expect(latest[\.name, "a"]?.version == 2)
        // The replay may still be at it, and then calls the handler for this one too.
        try fire(("a", 3))
        let gotAll = await comesTrue { [journal] in
            journal.entries.filter { !$0.hasPrefix("other") } == ["a 1", "a 2", "a 3"]
        }
        #expect(gotAll)
    }

    @Test func `a fire that began before the registration is called by the replay that goes on`() async throws {
        try fire(("a", 1), ("b", 1))
        let (gate, replaying, note, latest) = (Gate(), Gate(), note(), latest)
        bag.insert(
            try dispatcher.on(SettingChanged.self, where: \.version == 2, during: .check) { _ in try await gate.wait() }
        )
        let firing = Task { [dispatcher] in try await dispatcher.fire(SettingChanged("b", 2)) }
        await gate.arrivals(1)
        let subscribing = Task { [dispatcher] in
            try await dispatcher.subscribe(startingWith: latest) {
                On(SettingChanged.self) {
                    Handle { event in
                        note(event)
                        if event.name == "a" { try await replaying.wait() }
                    }
                }
            }
        }
        await replaying.arrivals(1)
        gate.open()
        _ = try await firing.value
        replaying.open()
        bag.insert(try await subscribing.value)
        // What was kept when the subscription was registered is not the latest any more.
        #expect(journal.entries == ["a 1", "b 2"])
    }

    @Test func `subscribing inside a handler of the same event works`() async throws {
        let (note, latest, bag) = (note(), latest, bag)
        bag.insert(
            try dispatcher.on(
                SettingChanged.self,
                Handle { _ in
                    guard let dispatcher = DispatchContext.current?.dispatcher else { return }
                    bag.insert(
                        try await dispatcher.subscribe(startingWith: latest) {
                            On(SettingChanged.self) { Handle { note($0) } }
                        }
                    )
                }.once()
            )
        )
        try await dispatcher.fire(SettingChanged("a", 1))
        #expect(journal.entries == ["a 1"])
        try fire(("a", 2))
        #expect(journal.entries == ["a 1", "a 2"])
    }

    // MARK: Modifiers

    /// Subscribes a handler, and fires an event of a value while handlers of the phase before or after are called with the kept one.
    private func fireWhileReplaying(
        in phase: SettingChanged.Phases,
        _ handle: @escaping @Sendable () -> Handle<SettingChanged>
    ) async throws -> DispatchReport<SettingChanged> {
        try fire(("a", 1))
        let gate = Gate()
        async let subscription = dispatcher.subscribe(startingWith: latest) {
            On(SettingChanged.self) {
                Phase(phase) { Handle { event in if event.version == 1 { await gate.waitIgnoringCancellation() } } }
                handle()
            }
        }
        await gate.arrivals(1)
        let report = try await dispatcher.fire(SettingChanged("a", 2))
        gate.open()
        bag.insert(try await subscription)
        return report
    }

    @Test func `an event that waits for a kept one is not taken for its own duplicate`() async throws {
        let note = note()
        _ = try await fireWhileReplaying(in: .report) {
            Handle { event in note(event) }.removeDuplicates(of: \.version)
        }
        #expect(journal.entries == ["a 1", "a 2"])
    }

    @Test func `an event that waits for a kept one uses up one start of a span`() async throws {
        let note = note()
        _ = try await fireWhileReplaying(in: .check) {
            Handle { event in note(event) }.limit(2, within: .seconds(1_000))
        }
        #expect(journal.entries == ["a 1", "a 2"])
        try await dispatcher.fire(SettingChanged("a", 3))
        #expect(journal.entries == ["a 1", "a 2"])
    }

    @Test func `a debounced handler starts for the newest of a kept event and those that come meanwhile`() async throws
    {
        let note = note()
        let report = try await fireWhileReplaying(in: .check) {
            Handle { event in note(event) }.debounce(.seconds(1_000))
        }
        #expect(report.outcomes.map { "\($0.result)" }.contains("skipped: replaying"))
        await dispatcher.stop()
        #expect(journal.entries == ["a 2"])
    }

    @Test func `detached handlers start with a kept event before one that comes meanwhile`() async throws {
        let note = note()
        _ = try await fireWhileReplaying(in: .check) { Handle { event in note(event) }.detached(atMost: 1) }
        await dispatcher.drain()
        #expect(journal.entries == ["a 1", "a 2"])
    }
}
