import EventDispatch
import EventDispatchTesting
import Testing

@Suite struct OrderTests {
    @Test func handlersStartByPhaseThenPriorityThenRegistration() async throws {
        let dispatcher = EventDispatcher()
        let journal = Journal()
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Handle("late") { _ in journal.note("during 0") }
                Phase(.after) { Handle("c") { _ in journal.note("after") } }
                Handle("early") { _ in journal.note("during 5") }.priority(5)
                Phase(.before) { Handle("a") { _ in journal.note("before") } }
                Handle("later") { _ in journal.note("during 0 again") }
            }
        }
        try await dispatcher.fire(UserCreated())
        #expect(journal.entries == ["before", "during 5", "during 0", "during 0 again", "after"])
        subscription.cancel()
    }
}
