import EventDispatch
import Testing

/// Where no place is given, it is that of the caller. Each call stands in one line with the `#line` that it has to name.
@Suite(.timeLimit(.minutes(10))) struct CallSiteTests {
    private let dispatcher = EventDispatcher()
    private let stopped = EventDispatcher(started: false)

    @Test func `a fire names its caller`() async {
        let elements = AsyncStream { Ping() }
        let signal = Signal<Int, Void>(0, dispatcher: stopped)
        let fires = [
            (#line, await place { try await stopped.fire(Ping()) }),
            (#line, await place { _ = try await stopped.fireReporting(Ping()) }),
            (#line, await place { try stopped.fireSynchronously(Ping()) }),
            (#line, await place { try await stopped.fire(Ping()) {} }),
            (#line, await place { _ = try await stopped.fireReporting(Ping()) {} }),
            (#line, await place { _ = try await stopped.performing(.create, on: 1) { 2 } }),
            (#line, await place { try await stopped.performing(.create, on: 1) {} }),
            (#line, await place { _ = try await stopped.performingReporting(.create, on: 1) { 2 } }),
            (#line, await place { try await stopped.fireEach(of: elements) }),
            (#line, await place { try await signal.send(1) }),
            (#line, await place { try await signal.send() }),
        ]
        for (line, place) in fires { #expect(place == CallSite(fileID: #fileID, line: line)) }
    }

    @Test func `a post names its caller`() async {
        let posts = [
            (#line, await place { try await stopped.post(Ping()) }),
            (#line, await place { _ = try stopped.postNow(Ping()) }),
        ]
        for (line, place) in posts { #expect(place == CallSite(fileID: #fileID, line: line)) }
    }

    @Test func `whoever asks for events is named`() async {
        let sequences = [
            (#line, await place { _ = try dispatcher.next(of: Ping.self, timeout: .zero) }),
            (#line, await place { _ = try dispatcher.next(of: Ping.self, where: Filter(\.count, in: [])) }),
            (#line, await place { _ = try dispatcher.events(of: Ping.self, where: Filter(\.count, in: [])) }),
        ]
        for (line, place) in sequences { #expect(place == CallSite(fileID: #fileID, line: line)) }
    }

    @Test func `a subscription names its caller`() throws {
        let places = Locked<[Int: CallSite]>([:])
        // Also asked before the registration begins, when it may subscribe.
        let meddler = Meddler(1) { [dispatcher] _ in
            let refusals = [
                (#line, refusal { () throws(DispatchError) in try dispatcher.subscribe { handlers } }),
                (#line, refusal { () throws(DispatchError) in try dispatcher.register(Listener()) }),
            ]
            for (line, error) in refusals where error != nil { places.withLock { $0[line] = error?.location } }
        }
        let subscription = try dispatcher.on(Sample<Meddler>.self, where: Filter(\.value, is: meddler)) { _ in }
        let noted = places.withLock { $0 }
        #expect(noted.count == 2)
        for (line, place) in noted { #expect(place == CallSite(fileID: #fileID, line: line)) }
        subscription.cancel()
    }

    @Test func `a handler names the line that declares it`() throws {
        let (owner, desk) = (Journal(), Desk())
        let handlers = [
            (#line, try dispatcher.on(Ping.self) { _ in }),
            (#line, try dispatcher.on(Ping.self) { _ in await Task.yield() }),
            (#line, try dispatcher.on(Ping.self) { @MainActor _ in }),
            (#line, try dispatcher.on(Ping.self, weak: owner) { _, _ in }),
            (#line, try dispatcher.on(Ping.self, weak: owner) { _, _ in await Task.yield() }),
            (#line, try dispatcher.on(Ping.self, weak: owner) { @MainActor _, _ in }),
            (#line, try dispatcher.on(Ping.self, on: desk) { _, _ in }),
            (#line, try dispatcher.on(Ping.self, on: desk) { _, _ in await Task.yield() }),
            (#line, try dispatcher.subscribe { On(Ping.self) { Handle { _ in } } }),
            (#line, try dispatcher.subscribe { On(Ping.self) { Handle { _ in await Task.yield() } } }),
            (#line, try dispatcher.subscribe { On(Ping.self) { Handle { @MainActor _ in } } }),
            (#line, try dispatcher.subscribe { On(Ping.self) { Handle("a") { _ in } } }),
            (#line, try dispatcher.subscribe { On(Ping.self) { Handle("a") { _ in await Task.yield() } } }),
            (#line, try dispatcher.subscribe { On(Ping.self) { Handle("a") { @MainActor _ in } } }),
            (#line, try dispatcher.subscribe { On(Ping.self) { Handle("a", weak: owner) { _, _ in } } }),
            (#line, try dispatcher.subscribe { On(Ping.self) { Handle("a", on: desk) { _, _ in } } }),
            (#line, try dispatcher.subscribe { OnAny { _ in } }),
            (#line, try dispatcher.subscribe { OnAny(conformingTo: (any AuditEvent).self) { _ in } }),
        ]
        #expect(dispatcher.handlers.map(\.location) == handlers.map { CallSite(fileID: #fileID, line: $0.0) })
        for (_, subscription) in handlers { subscription.cancel() }
    }

    @Test func `a clause names its line`() {
        let refusals = [
            (#line, defect(of: Where(\.count, in: []))),
            (#line, defect(of: Where(\.count < 1 && \.count > 3))),
            (#line, defect(of: AnyOf {})),
            (#line, defect(of: AnyOf { Handle { _ in } })),
            (#line, defect(of: Phase(.before) { Phase(.after) { Handle { _ in } } })),
            (#line, defect(of: Phase(.before) { Handle { _ in } }.limit(0))),
            (#line, defect(of: Rule { Handle { _ in } }.limit(0))),
            (#line, defect(of: Handle { _ in }.limit(0))),
            (#line, defect(of: Handle { _ in }.limit(0, per: \.count))),
            (#line, defect(of: Handle { _ in }.timeout(.seconds(1)))),
            (#line, refusal { () throws(DispatchError) in try dispatcher.subscribe { handlers.limit(0) } }),
            (#line, refusal { () throws(DispatchError) in try dispatcher.subscribe { OnAny { _ in }.limit(0) } }),
            (#line, refusal { () throws(DispatchError) in try dispatcher.subscribe { OnAny(named: "a..b") { _ in } } }),
        ]
        for (line, error) in refusals { #expect(error?.location == CallSite(fileID: #fileID, line: line)) }
    }

    /// The place that an operation's refusal names.
    private func place(_ operation: () async throws -> Void) async -> CallSite? {
        do { try await operation() } catch { return (error as? DispatchError)?.location }
        return nil
    }

    /// Why a clause is refused that stands beside a handler.
    private func defect(of clause: some Clause<Ping>) -> DispatchError? {
        refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Ping.self) {
                    clause
                    Handle { _ in }
                }
            }
        }
    }
}

private var handlers: On<Ping> { On(Ping.self) { Handle { _ in } } }

private struct Listener: EventSubscriber {
    @SubscriptionBuilder var handlers: [SubscriptionDeclaration] { On(Ping.self) { Handle { _ in } } }
}

private actor Desk {}
