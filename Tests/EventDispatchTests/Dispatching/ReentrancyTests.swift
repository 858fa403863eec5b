import EventDispatch
import EventDispatchTesting
import Testing

/// Line 8 of the contract: a handler may fire, subscribe and cancel on the same dispatcher.
@Suite(.timeLimit(.minutes(10))) struct ReentrancyTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `a nested fire runs at once depth first`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [dispatcher] _ in
                    journal.note("outer begins")
                    try dispatcher.fireSynchronously(UserCreated())
                    journal.note("outer ends")
                }
                Handle { _ in journal.note("outer's sibling") }
            }
            On(UserCreated.self) {
                Phase(.before) { Handle { _ in journal.note("inner before") } }
                Handle { _ in journal.note("inner") }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["outer begins", "inner before", "inner", "outer ends", "outer's sibling"])
        subscription.cancel()
    }

    @Test func `an awaited nested fire does not deadlock`() async throws {
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                for _ in 0..<3 {
                    Handle { _ in
                        await Task.yield()
                        try await DispatchContext.current?.dispatcher.fire(UserCreated())
                    }
                }
            }
            On(UserCreated.self) {
                Handle { _ in
                    await Task.yield()
                    journal.note("inner")
                }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["inner", "inner", "inner"])
        subscription.cancel()
    }

    @Test(arguments: [true, false])
    func `the context tells dispatcher path and phase`(isAsynchronous: Bool) async throws {
        let dispatcher = dispatcher
        let note: @Sendable () -> Void = { [journal] in
            guard let context = DispatchContext.current else { return journal.note("no context") }
            let path = context.path.map { $0.split(separator: ".").last ?? "" }.joined(separator: ">")
            journal.note("\(path) \(context.phase) \(context.dispatcher === dispatcher)")
        }
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                if isAsynchronous {
                    Handle { _ in
                        note()
                        await Task.yield()
                        note()
                        try await dispatcher.fire(UserCreated())
                        note()
                    }
                    Handle { _ in await Task.yield() }
                } else {
                    Handle { _ in
                        note()
                        try dispatcher.fireSynchronously(UserCreated())
                        note()
                    }
                }
            }
            On(UserCreated.self) {
                Phase(.after) { Handle { _ in note() } }
                if isAsynchronous {
                    Phase(.before) {
                        Handle { _ in
                            await Task.yield()
                            note()
                        }
                    }
                }
            }
        }
        note()
        try await dispatcher.fire(Ping())
        note()
        let outer = "Ping during true"
        let inner = "Ping>UserCreated after true"
        #expect(
            journal.entries
                == (isAsynchronous
                    ? ["no context", outer, outer, "Ping>UserCreated before true", inner, outer, "no context"]
                    : ["no context", outer, inner, outer, "no context"])
        )
        subscription.cancel()
    }

    @Test func `the context follows a handler into its child tasks`() async throws {
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in
            await withTaskGroup { group in
                group.addTask { journal.note(DispatchContext.current?.phase ?? "none") }
            }
        }
        try await dispatcher.fire(Ping())
        #expect(journal.entries == ["during"])
        subscription.cancel()
    }

    @Test func `a context that outlives its handler still tells where that was`() async throws {
        let context = Locked<DispatchContext?>(nil)
        let subscription = try dispatcher.on(Ping.self) { _ in
            await Task.yield()
            context.withLock { $0 = .current }
        }
        try await dispatcher.fire(Ping())
        let kept = try #require(context.withLock { $0 })
        #expect(kept.dispatcher === dispatcher)
        #expect(kept.path == [Ping.eventName])
        #expect(kept.phase == "during")
        subscription.cancel()
    }

    @Test func `a task that a handler leaves behind is not inside its fire any more`() async throws {
        let gate = Gate()
        let left = TaskBox()
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in
            await Task.yield()
            left.task = Task {
                await gate.waitIgnoringCancellation()
                journal.note(DispatchContext.current == nil ? "none" : "inside")
            }
        }
        try await dispatcher.fire(Ping())
        gate.open()
        await left.task?.value
        #expect(journal.entries == ["none"])
        subscription.cancel()
    }

    @Test func `a cycle ends in an error that prints the path`() throws {
        let dispatcher = EventDispatcher(maximumDepth: 4)
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { [weak dispatcher] _ in try dispatcher?.fireSynchronously(UserCreated()) } }
            On(UserCreated.self) { Handle { [weak dispatcher] _ in try dispatcher?.fireSynchronously(Ping()) } }
        }
        let failure = #expect(throws: DispatchFailure.self) { try dispatcher.fireSynchronously(Ping()) }
        let text = failure?.description ?? ""
        let (ping, user) = (Ping.eventName, UserCreated.eventName)
        #expect(text.contains("deeper than 4: \(ping) → \(user) → \(ping) → \(user) → \(ping)"), "\(text)")
        #expect(text.split(separator: "\n").count == 2)
        subscription.cancel()
    }

    @Test func `an asynchronous cycle ends at the default depth`() async throws {
        let subscription = try dispatcher.on(Ping.self) { [journal] _ in
            journal.note("ran")
            await Task.yield()
            try await DispatchContext.current?.dispatcher.fire(Ping())
        }
        let failure = await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(Ping()) }
        #expect(failure?.description.contains("deeper than 64") == true)
        #expect(journal.entries.count == 64)
        subscription.cancel()
    }

    @Test func `two dispatchers firing into each other are a cycle too`() throws {
        let other = EventDispatcher(maximumDepth: 6)
        let subscriptions = SubscriptionBag()
        subscriptions.insert(
            try dispatcher.on(Ping.self) { [journal] _ in
                journal.note("one")
                try other.fireSynchronously(Ping())
            }
        )
        subscriptions.insert(
            try other.on(Ping.self) { [journal, dispatcher] _ in
                journal.note("other")
                try dispatcher.fireSynchronously(Ping())
            }
        )
        let failure = #expect(throws: DispatchFailure.self) { try dispatcher.fireSynchronously(Ping()) }
        #expect(failure?.description.contains("deeper than 6") == true)
        #expect(journal.entries == ["one", "other", "one", "other", "one", "other", "one"])
    }

    @Test func `chains of tasks that fire one after the other are no cycle`() async throws {
        let dispatcher = EventDispatcher(maximumDepth: 3)
        let finished = Gate()
        let subscription = try dispatcher.on(Ping.self) { [weak dispatcher] event in
            guard event.count < 20 else { return finished.open() }
            let fired = Gate()
            let parent = DispatchContext.current
            Task {
                try await fired.wait()
                while DispatchContext.current != nil { await Task.yield() }
                _ = parent
                try await dispatcher?.fire(Ping(count: event.count + 1))
            }
            fired.open()
        }
        try await dispatcher.fire(Ping())
        try await finished.wait()
        subscription.cancel()
    }

    @Test func `an asynchronous handler started in place inside a synchronous one is the inner one`() async throws {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return }
        let (started, gate) = (TaskBox(), Gate())
        let note: @Sendable () -> Void = { [journal] in
            journal.note(DispatchContext.current?.path.last == UserCreated.eventName ? "inner" : "outer")
        }
        let subscription = try dispatcher.subscribe {
            On(Ping.self) {
                Handle { [dispatcher] _ in
                    note()
                    started.task = Task.immediate { _ = try? await dispatcher.fire(UserCreated()) }
                    note()
                }
            }
            On(UserCreated.self) {
                Handle { _ in
                    note()
                    await gate.waitIgnoringCancellation()
                    note()
                }
            }
        }
        try dispatcher.fireSynchronously(Ping())
        gate.open()
        await started.task?.value
        #expect(journal.entries == ["outer", "inner", "outer", "inner"])
        subscription.cancel()
    }

    @Test func `links of a chain that overlap are no cycle`() async throws {
        let dispatcher = EventDispatcher(maximumDepth: 3)
        let finished = Gate()
        let subscription = try dispatcher.on(Ping.self) { event in
            guard event.count < 20 else { return finished.open() }
            let dispatcher = DispatchContext.current?.dispatcher
            let started = Gate()
            Task {
                started.open()
                // This link may still run, but not the ones before it too.
                while (DispatchContext.current?.path.count ?? 0) > 2 { await Task.yield() }
                try await dispatcher?.fire(Ping(count: event.count + 1))
            }
            try await started.wait()
        }
        try await dispatcher.fire(Ping())
        try await finished.wait()
        subscription.cancel()
    }

    @Test func `a handler fired by a task left behind has a context of its own`() async throws {
        let gate = Gate()
        let left = TaskBox()
        let subscription = try dispatcher.subscribe {
            On(Ping.self) { Handle { [dispatcher] _ in try await dispatcher.fire(UserCreated()) } }
            On(UserCreated.self) {
                Handle { [dispatcher] _ in
                    await Task.yield()
                    left.task = Task {
                        await gate.waitIgnoringCancellation()
                        _ = try? dispatcher.fireSynchronously(Track())
                    }
                }
            }
            On(Track.self) {
                Handle { _ in
                    journal.note(DispatchContext.current?.path.joined(separator: " → ") ?? "none")
                    DispatchContext.current?.stop()
                }
                Handle { _ in journal.note("after stop") }
            }
        }
        try await dispatcher.fire(Ping())
        gate.open()
        await left.task?.value
        #expect(journal.entries == [Track.eventName])
        subscription.cancel()
    }

    @Test func `tasks that start at once are counted where they are nested on a thread`() async throws {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return }
        let refusals = Journal()
        let subscription = try dispatcher.on(Ping.self) { [dispatcher, journal] _ in
            journal.note("ran")
            Task.immediate {
                do { try await dispatcher.fire(Ping()) } catch let error as DispatchError {
                    refusals.note("\(error.code)")
                }
            }
        }
        try await dispatcher.fire(Ping())
        let isOver = await comesTrue { refusals.entries.count == 1 }
        #expect(isOver)
        #expect(refusals.entries == ["nestedTooDeep"])
        #expect(journal.entries.count == 65)
        subscription.cancel()
    }

    @Test func `a handler can subscribe and cancel and fire`() throws {
        let subscriptions = SubscriptionBag()
        let subscription = try dispatcher.on(Ping.self) { [dispatcher, journal] event in
            let once = try dispatcher.subscribe {
                On(UserCreated.self) { Handle { _ in journal.note("temporary") } }
            }
            try dispatcher.fireSynchronously(UserCreated())
            once.cancel()
            try dispatcher.fireSynchronously(UserCreated())
        }
        subscriptions.insert(subscription)
        try dispatcher.fireSynchronously(Ping())
        #expect(journal.entries == ["temporary"])
    }
}

private final class TaskBox: @unchecked Sendable {
    // Written by the handler and read after its fire has returned.
    var task: Task<Void, Never>?
}
