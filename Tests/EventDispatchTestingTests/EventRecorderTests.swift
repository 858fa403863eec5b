import EventDispatch
import EventDispatchTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct EventRecorderTests {
    private struct Failed: Error {}

    private let dispatcher = EventDispatcher()

    @Test func `it records what is fired in order`() async throws {
        let recorder = EventRecorder(dispatcher)
        try await dispatcher.fire(UserCreated())
        try dispatcher.fireSynchronously(OrderPlaced(total: 3))
        try await dispatcher.post(OrderPlaced(total: 4))
        await dispatcher.drain()
        #expect(recorder.events.map { "\($0)" } == ["UserCreated(susan)", "OrderPlaced(3)", "OrderPlaced(4)"])
    }

    @Test func `it is asked by type and filter`() async throws {
        let recorder = EventRecorder(dispatcher)
        try await dispatcher.fire(UserCreated(name: "bob"))
        try await dispatcher.fire(UserCreated(name: "eve", role: .admin))
        try await dispatcher.fire(OrderPlaced())
        #expect(recorder.events(of: UserCreated.self).map(\.name) == ["bob", "eve"])
        #expect(recorder.events(of: UserCreated.self, where: \.role == .admin).map(\.name) == ["eve"])
    }

    @Test func `it records which handlers ran in which phase`() async throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Phase(.after) { Handle("mail") { _ in throw Failed() } }
                Phase(.before) { Handle("audit") { _ in } }
                Where(\.role == .admin)
                Handle("page") { _ in }
            }
        }
        let recorder = EventRecorder(dispatcher)
        _ = try await dispatcher.fireReporting(UserCreated(role: .admin))
        #expect(recorder.handlers.map { "\($0.phase) \($0.name)" } == ["before audit", "during page", "after mail"])
        #expect(recorder.handlers(of: UserCreated.self, where: \.name == "bob").isEmpty)
        #expect(recorder.handlers.last?.description.hasSuffix("failed: Failed()") == true)
        subscription.cancel()
    }

    @Test func `nested fires are recorded with their path`() async throws {
        let subscription = try dispatcher.on(UserCreated.self) { _ in
            try await DispatchContext.current?.dispatcher.fire(OrderPlaced())
        }
        let recorder = EventRecorder(dispatcher)
        try await dispatcher.fire(UserCreated())
        #expect(recorder.fires.map(\.path) == [["shop.user.created"], ["shop.user.created", "shop.order.placed"]])
        subscription.cancel()
    }

    @Test func `a trace of what was recorded is written for a check that fails`() async throws {
        let recorder = EventRecorder(dispatcher)
        try await dispatcher.fire(UserCreated(name: "bob"))
        let line = recorder.savedTrace(line: 7)
        #expect(line.hasPrefix("a trace is in /"))
        let path = String(line.dropFirst("a trace is in ".count))
        #expect(path.contains("/EventDispatchTestingTests-EventRecorderTests-7"))
        let page = try String(contentsOfFile: path, encoding: .utf8)
        #expect(page.contains("shop.user.created"))
        #expect(page.contains("bob"))
        #expect(recorder.savedTrace(line: 7) != line)
    }

    @Test func `a closure that throws has a trace in its error`() async throws {
        let recorder = EventRecorder(dispatcher)
        let failure = await #expect(throws: TracedFailure.self) {
            try await recorder.tracingFailure {
                try await dispatcher.fire(OrderPlaced())
                throw Failed()
            }
        }
        #expect(failure?.error is Failed)
        #expect(failure?.description.contains("Failed()\na trace is in /") == true)
        let returned = try await recorder.tracingFailure { 7 }
        #expect(returned == 7)
    }

    @Test func `it records until it is stopped or goes`() async throws {
        var recorder: EventRecorder? = EventRecorder(dispatcher)
        try await dispatcher.fire(OrderPlaced(total: 1))
        recorder?.clear()
        try await dispatcher.fire(OrderPlaced(total: 2))
        recorder?.stop()
        try await dispatcher.fire(OrderPlaced(total: 3))
        #expect(recorder?.events(of: OrderPlaced.self).map(\.total) == [2])
        recorder = nil
        try await dispatcher.fire(OrderPlaced(total: 4))
    }
}
