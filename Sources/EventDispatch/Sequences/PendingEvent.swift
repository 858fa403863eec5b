/// The first event that comes, as ``EventDispatcher/next(of:where:during:timeout:fileID:line:)`` waits for it.
///
/// Letting go of it without an event having come unsubscribes.
public final class PendingEvent<Event: MatchableEvent>: Sendable {
    private let state: PendingState<Event>
    private let consumer: ConsumerSubscription

    init(_ state: PendingState<Event>, _ consumer: ConsumerSubscription) {
        self.state = state
        self.consumer = consumer
    }

    deinit { state.cancelTimer() }

    /// The event, as soon as there is one. May be asked for by several tasks, and more than once.
    ///
    /// - Throws: ``DispatchError``: `.timedOut` when none came in time, `.cancelled` when none can come any more because
    ///   the dispatcher has stopped or is gone, or the wait was cancelled; `CancellationError` when the calling task is cancelled,
    ///   which ends the wait of no other task.
    public var value: Event {
        get async throws {
            let waiter = state.nextWaiter()
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { state.wait(waiter, $0) }
            } onCancel: {
                state.cancel(waiter)
            }
        }
    }

    /// Waits no longer: unsubscribes, and ends the waits of those who ask for the value, unless it has come.
    public func cancel() { consumer.cancel() }
}

/// An event that is waited for, and who waits.
///
/// The first result counts. An event that is too late for it was not taken, and is not counted as handled.
final class PendingState<Event: Sendable>: Sendable {
    private struct State: Sendable {
        var result: Result<Event, any Error>?
        var waiters = CancellableWaits<CheckedContinuation<Event, any Error>>()
        var timer: Task<Void, Never>?
    }

    private let state = Locked(State())
    private let eventName: String
    private let location: CallSite

    init(_ eventName: String, _ location: CallSite) {
        self.eventName = eventName
        self.location = location
    }

    /// Gives up at a deadline, and unsubscribes.
    func expire(at deadline: Deadline, after timeout: Duration, _ subscription: EventSubscription) {
        let timer = Task.detached {
            guard await deadline.isReached() else { return }
            self.settle(.failure(self.error(.timedOut, "no \(self.eventName) came within \(timeout)")))
            subscription.cancel()
        }
        let isSettled = state.withLock { state in
            if state.result == nil { state.timer = timer }
            return state.result != nil
        }
        if isSettled { timer.cancel() }
    }

    func cancelTimer() { state.withLock { $0.timer }?.cancel() }

    /// Gives the event to those who wait; false when they wait no longer.
    @Sendable func fulfil(_ event: Event) -> Bool { settle(.success(event)) }

    @Sendable func giveUp() { settle(.failure(error(.cancelled, "no \(eventName) is waited for any more"))) }

    /// Ends the waits with a result; false when they have ended with another.
    @discardableResult
    private func settle(_ result: Result<Event, any Error>) -> Bool {
        typealias Settled = (waiters: [CheckedContinuation<Event, any Error>], timer: Task<Void, Never>?)
        let settled: Settled? = state.withLock { state in
            guard state.result == nil else { return nil }
            state.result = result
            defer { state.timer = nil }
            return (state.waiters.removeAll(), state.timer)
        }
        guard let settled else { return false }
        settled.timer?.cancel()
        for waiter in settled.waiters { waiter.resume(with: result) }
        return true
    }

    private func error(_ code: DispatchError.Code, _ message: String) -> DispatchError {
        DispatchError(code: code, message: message, location: location)
    }

    func nextWaiter() -> Int { state.withLock { $0.waiters.begin() } }

    func wait(_ waiter: Int, _ continuation: CheckedContinuation<Event, any Error>) {
        let result: Result<Event, any Error>? = state.withLock { state in
            if let result = state.result {
                state.waiters.end(waiter)
                return result
            }
            return state.waiters.add(continuation, to: waiter) ? nil : .failure(CancellationError())
        }
        if let result { continuation.resume(with: result) }
    }

    func cancel(_ waiter: Int) {
        state.withLock { $0.waiters.cancel(waiter) }?.resume(throwing: CancellationError())
    }
}
