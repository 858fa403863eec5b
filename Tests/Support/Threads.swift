import Foundation
import Synchronization

/// Runs a body on a thread of its own, which no task waits for.
public func onThread<Result: Sendable>(
    stackSize: Int = 8 << 20,
    _ body: @escaping @Sendable () -> Result
) async -> Result {
    await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: body()) }
        thread.stackSize = stackSize
        thread.start()
    }
}

/// Runs a body on so many threads at once, each with its number; none begins before all are there.
public func onThreads<Result: Sendable>(
    _ count: Int,
    _ body: @escaping @Sendable (Int) -> Result
) async -> [Result] {
    let arrivals = Arrivals()
    return await withTaskGroup(of: (Int, Result).self) { group in
        for number in 0..<count {
            group.addTask {
                await onThread {
                    arrivals.arrive(of: count)
                    return (number, body(number))
                }
            }
        }
        return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }.sorted { $0.key < $1.key }.map(\.value)
    }
}

private final class Arrivals: Sendable {
    private let count = Atomic(0)

    func arrive(of all: Int) {
        count.add(1, ordering: .acquiringAndReleasing)
        while count.load(ordering: .acquiring) < all { sched_yield() }
    }
}

/// Takes turns on threads of their own beside a test: some for each step that the test takes, so that the threads rest while the test
/// waits for others. The test begins when each thread has taken its first.
public func beside<Result>(
    threads: Int = 1,
    turns: Int = 10,
    _ turn: @escaping @Sendable (_ thread: Int) -> Void,
    isolation: isolated (any Actor)? = #isolation,
    test: (_ step: () -> Void) async throws -> Result
) async rethrows -> Result {
    let steps = Steps()
    let (firstTurns, taken) = AsyncStream.makeStream(of: Void.self)
    async let storm: [Void] = onThreads(threads) { thread in
        turn(thread)
        taken.yield()
        while steps.allowTurn() { turn(thread) }
    }
    for await _ in firstTurns.prefix(threads) {}
    let result: Result
    do {
        result = try await test { steps.step(turns: threads * turns) }
    } catch {
        steps.end(threads: threads)
        _ = await storm
        throw error
    }
    steps.end(threads: threads)
    _ = await storm
    return result
}

private final class Steps: Sendable {
    private let turns = DispatchSemaphore(value: 0)
    private let isOver = Atomic(false)

    func step(turns count: Int) { for _ in 0..<count { turns.signal() } }

    /// Waits for the next turn; false when the test is over.
    func allowTurn() -> Bool {
        turns.wait()
        return !isOver.load(ordering: .acquiring)
    }

    func end(threads: Int) {
        isOver.store(true, ordering: .releasing)
        step(turns: threads)
    }
}
