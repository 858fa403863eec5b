import Foundation
import Synchronization

/// Runs an operation, and tells whether it ends. One that hangs is cancelled and given up when the test is cancelled, as its time
/// limit does.
func ends(_ operation: @escaping @Sendable () async -> Void) async -> Bool {
    let flag = Flag()
    let task = Task {
        await operation()
        flag.set()
    }
    if await comesTrue({ flag.isSet }) { return true }
    task.cancel()
    return false
}

/// Waits until a condition holds, however long that takes; false when the test is cancelled before, as its time limit does.
///
/// The condition is asked on a thread of its own, so that tests that wait take no turns from the tasks they wait for.
func comesTrue(_ condition: @escaping @Sendable () -> Bool) async -> Bool {
    let isCancelled = Flag()
    return await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            ask(condition, until: isCancelled) { continuation.resume(returning: $0) }
        }
    } onCancel: {
        isCancelled.set()
    }
}

private let asking = DispatchQueue(label: "comesTrue")

private func ask(
    _ condition: @escaping @Sendable () -> Bool,
    until isCancelled: Flag,
    _ answer: @escaping @Sendable (Bool) -> Void
) {
    asking.asyncAfter(deadline: .now() + .milliseconds(1)) {
        if condition() { return answer(true) }
        if isCancelled.isSet { return answer(false) }
        ask(condition, until: isCancelled, answer)
    }
}

/// Gives other threads turns to do what they must not do, before the test lets them go on. What is right passes however many turns
/// they get; what is wrong is seen the more surely the more they get.
func letOthersErr() {
    for _ in 0..<1_000 { sched_yield() }
}

/// Something that is so or not.
final class Flag: Sendable {
    private let value = Atomic(false)

    func set() { value.store(true, ordering: .releasing) }

    func unset() { value.store(false, ordering: .releasing) }

    var isSet: Bool { value.load(ordering: .acquiring) }
}

/// A number that goes up, from any task.
final class Tally: Sendable {
    private let count = Atomic(0)

    @discardableResult
    func increment() -> Int { count.add(1, ordering: .acquiringAndReleasing).newValue }

    var value: Int { count.load(ordering: .acquiring) }
}
