import EventDispatch
import EventDispatchTesting
import Foundation
import Testing

/// What happens between the moment a producer finds the queue full and the moment it waits for room.
///
/// The name of the event is asked for in between, which is where these tests get hold of the producer.
@Suite(.timeLimit(.minutes(10)), .serialized) struct PostRaceTests {
    private static let meanwhile = Locked<(@Sendable () -> Void)?>(nil)

    private struct SlowLetter: MatchableEvent {
        static var eventName: String {
            let action = meanwhile.withLock { action in
                defer { action = nil }
                return action
            }
            action?()
            return "SlowLetter"
        }
    }

    private let dispatcher = EventDispatcher(postPolicy: .suspend(capacity: 1))
    private let journal = Journal()
    private let first = Gate()
    private let second = Gate()
    private let tasks = SerialTasks()

    /// Lets the handler of letter 0 run, puts letter 1 into the queue, and posts a slow letter that finds it full.
    private func postSlowly(_ action: @escaping @Sendable () -> Void) async throws -> (
        EventSubscription, Task<DispatchError.Code?, Never>
    ) {
        let subscription = try dispatcher.subscribe {
            On(Letter.self) {
                Handle { letter in
                    await (letter.number == 0 ? first : second).waitIgnoringCancellation()
                    journal.note("\(letter.number)")
                }
            }
            On(SlowLetter.self) { Handle { _ in journal.note("slow") } }
        }
        try await dispatcher.post(Letter(0))
        await first.arrivals(1)
        try await dispatcher.post(Letter(1))
        Self.meanwhile.withLock { $0 = action }
        let post = await tasks.start { [dispatcher] in
            do throws(DispatchError) { try await dispatcher.post(SlowLetter()) } catch {
                return error.code as DispatchError.Code?
            }
            return nil
        }
        return (subscription, post)
    }

    private func endsWithoutHelp(_ post: Task<DispatchError.Code?, Never>) async -> Bool {
        let flag = Flag()
        let watcher = Task {
            let code = await post.value
            flag.set()
            return code
        }
        let ended = await comesTrue { flag.isSet }
        post.cancel()
        _ = await watcher.value
        return ended
    }

    @Test func `a producer that finds room by the time it would wait is not left waiting`() async throws {
        let (subscription, post) = try await postSlowly { [first, second] in
            first.open()
            wait { await second.arrivals(1) }
        }
        second.open()
        let ended = await endsWithoutHelp(post)
        #expect(ended)
        await dispatcher.drain()
        subscription.cancel()
    }

    @Test func `a producer that would wait only after the stop is not left waiting`() async throws {
        let (subscription, post) = try await postSlowly { [dispatcher] in
            wait { await dispatcher.stop(deadline: .zero) }
        }
        first.open()
        second.open()
        let ended = await endsWithoutHelp(post)
        #expect(ended)
        dispatcher.start()
        await dispatcher.drain()
        subscription.cancel()
    }
}

/// Blocks the thread until an operation has ended.
private func wait(_ operation: @escaping @Sendable () async -> Void) {
    let ended = Flag()
    Task.detached {
        await operation()
        ended.set()
    }
    while !ended.isSet { sched_yield() }
}
