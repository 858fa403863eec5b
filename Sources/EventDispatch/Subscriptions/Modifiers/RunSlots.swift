/// At most a number of runs of a handler at a time, of all events or of those with one value of a key. The others wait in the order in
/// which they came.
final class RunSlots: Sendable {
    /// The runs, and those that wait.
    private struct Slots: Sendable {
        var running = 0
        /// Runs that have begun to wait, and may not be among the waiters yet.
        var arriving = 0
        var waits = CancellableWaits<CheckedContinuation<Bool, Never>>()

        var isIdle: Bool { running == 0 && arriving == 0 && waits.isEmpty }

        /// Takes a slot, if there is one and nobody waits for it.
        mutating func take(of count: Int) -> Bool {
            guard running < count, waits.isEmpty else { return false }
            running += 1
            return true
        }
    }

    private let count: Int
    private let slots: KeyedStates<Slots>

    init(_ count: Int, per key: EventKey? = nil) {
        self.count = count
        slots = KeyedStates(per: key, Slots())
    }

    /// Whether the event makes a difference.
    var readsEvent: Bool { slots.isPerKey }

    /// Whether two events have the same slots.
    func areShared(by first: EventReference, and second: EventReference) -> Bool {
        slots.areShared(by: first, and: second)
    }

    /// Takes a slot if one is free; false where it has to be waited for.
    func takeFree(for event: EventReference) -> Bool {
        slots.change(for: event) { $0.take(of: count) }?.result ?? false
    }

    /// Takes a slot, as soon as those who came before have had theirs; false when the calling task is cancelled before.
    func take(for event: EventReference) async -> Bool {
        let begun = slots.change(for: event) { slots -> Int? in
            if slots.take(of: count) { return nil }
            slots.arriving += 1
            return slots.waits.begin()
        }
        // A thread that comes from the `==` or `hash` of a key gets none.
        guard let begun else { return false }
        guard let id = begun.result else { return true }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool?? = slots.changeKnown(for: event) { slots in
                    slots.arriving -= 1
                    if slots.waits.isCancelled(id) {
                        _ = slots.waits.add(continuation, to: id)
                        return false
                    }
                    if slots.take(of: count) {
                        _ = slots.waits.end(id)
                        return true
                    }
                    _ = slots.waits.add(continuation, to: id)
                    return nil
                }
                if let answer = answer ?? false {
                    continuation.resume(returning: answer)
                    if !answer { forgetIfIdle(event) }
                }
            }
        } onCancel: {
            let waiter = slots.changeKnown(for: event) { $0.waits.cancel(id) }
            waiter??.resume(returning: false)
            forgetIfIdle(event)
        }
    }

    /// Gives a slot to the one who has waited longest, or back.
    func giveBack(for event: EventReference) {
        let waiter = slots.changeKnown(for: event) { slots in
            let waiter = slots.waits.popFirst()
            if waiter == nil { slots.running -= 1 }
            return waiter
        }
        waiter??.resume(returning: true)
        forgetIfIdle(event)
    }

    private func forgetIfIdle(_ event: EventReference) { slots.remove(for: event) { $0.isIdle } }
}

/// The slots that a handler needs, and how its events are read for them.
struct PlannedSlots: Sendable {
    let slots: RunSlots
    /// The event as slots see it, where that isn't how it was fired; as a copy.
    private let wrapped: (@Sendable (EventReference) -> EventCopy)?

    init(_ slots: RunSlots, _ wrapped: (@Sendable (EventReference) -> EventCopy)? = nil) {
        self.slots = slots
        self.wrapped = wrapped
    }

    /// The same slots, for events that have to be wrapped first.
    func wrapping(_ wrapped: @escaping @Sendable (EventReference) -> EventCopy) -> PlannedSlots {
        slots.readsEvent ? PlannedSlots(slots, wrapped) : self
    }

    /// Whether the event makes a difference.
    var readsEvent: Bool { slots.readsEvent }

    /// Whether two events have the same slots.
    func areShared(by first: EventReference, and second: EventReference) -> Bool {
        guard let wrapped else { return slots.areShared(by: first, and: second) }
        let (first, second) = (wrapped(first), wrapped(second))
        return withExtendedLifetime((first, second)) { slots.areShared(by: first.reference, and: second.reference) }
    }

    func takeFree(for event: EventReference) -> Bool {
        guard let copy = wrapped?(event) else { return slots.takeFree(for: event) }
        return withExtendedLifetime(copy) { slots.takeFree(for: copy.reference) }
    }

    func take(for event: EventReference) async -> Bool {
        guard let copy = wrapped?(event) else { return await slots.take(for: event) }
        let isTaken = await slots.take(for: copy.reference)
        withExtendedLifetime(copy) {}
        return isTaken
    }

    func giveBack(for event: EventReference) {
        guard let copy = wrapped?(event) else { return slots.giveBack(for: event) }
        withExtendedLifetime(copy) { slots.giveBack(for: copy.reference) }
    }
}
