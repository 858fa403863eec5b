import EventDispatch
import Synchronization
import TestSupport
import Testing

/// Threads fire while others subscribe and cancel: every fire sees each subscription before it was added or removed or after,
/// never half of it and never twice.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ReadersAndWritersTests {
    private static let lasting = 0..<12
    private static let firesOfAReader = scaled(200, full: 3_000, "readers and writers")
    private static let mostChanges = 200_000

    private let dispatcher = EventDispatcher()
    private let check = SightingCheck(lasting: lasting)

    @Test(arguments: [(readers: 1, writers: 1), (readers: 2, writers: 2), (readers: 3, writers: 1)])
    func `every fire sees each subscription wholly or not at all`(readers: Int, writers: Int) async throws {
        let subscriptions = SubscriptionBag()
        for number in Self.lasting {
            subscriptions.insert(try HandlerPair(number: number).subscribe(to: dispatcher))
        }
        let reading = ReadersLeft(readers)
        let problems = await withTaskGroup { group in
            for _ in 0..<readers { group.addTask { await onThread { read(reading) } } }
            for writer in 0..<writers { group.addTask { await onThread { write(writer, while: reading) } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(problems.first == nil, "\(problems.count) fires or changes went wrong")
        #expect(dispatcher.handlers.count == 2 * Self.lasting.count)
        subscriptions.cancel()
    }

    /// Fires; returns what was wrong.
    private func read(_ readers: ReadersLeft) -> [String] {
        defer { readers.leave() }
        return (0..<Self.firesOfAReader).compactMap { _ in fire() }
    }

    /// Subscribes and cancels pairs, a few of them at a time, until the readers are done; returns what was wrong.
    private func write(_ writer: Int, while readers: ReadersLeft) -> [String] {
        var problems: [String] = []
        var live: [(number: Int, subscription: EventSubscription)] = []
        for change in 0..<Self.mostChanges where !readers.haveLeft {
            let number = 1_000 + 7 * change + writer
            do {
                live.append((number, try HandlerPair(number: number).subscribe(to: dispatcher)))
            } catch {
                return problems + ["\(error)"]
            }
            if change.isMultiple(of: 16), let problem = fire(present: number) { problems.append(problem) }
            guard live.count > 4 else { continue }
            let oldest = live.remove(at: change % 3)
            oldest.subscription.cancel()
            if change.isMultiple(of: 16), let problem = fire(absent: oldest.number) { problems.append(problem) }
        }
        for (_, subscription) in live { subscription.cancel() }
        return problems
    }

    private func fire(present: Int? = nil, absent: Int? = nil) -> String? {
        do {
            let report = try dispatcher.fireSynchronously(Reading.common, detail: .all)
            return check.problem(with: report, present: present, absent: absent)
        } catch {
            return "\(error)"
        }
    }
}

/// How many readers are not done yet.
private final class ReadersLeft: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) { self.count = Atomic(count) }

    func leave() { count.subtract(1, ordering: .acquiringAndReleasing) }

    var haveLeft: Bool { count.load(ordering: .acquiring) == 0 }
}
