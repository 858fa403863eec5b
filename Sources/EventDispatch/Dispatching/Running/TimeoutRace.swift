/// Whether a handler or its time-out came first.
final class TimeoutRace<Value: Sendable>: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<Value?, Never>)
        case ended(Value)
        case timedOut
        case endedLate
        case leftBehind
    }

    private let state = Locked(State.running)

    /// Notes that the handler ended. Returns whether it had been left behind.
    func end(_ value: Value) -> Bool {
        let (wasLeftBehind, continuation): (Bool, CheckedContinuation<Value?, Never>?) = state.withLock { state in
            switch state {
            case .running, .ended, .endedLate:
                state = .ended(value)
                return (false, nil)
            case .awaited(let continuation):
                state = .ended(value)
                return (false, continuation)
            case .timedOut:
                state = .endedLate
                return (false, nil)
            case .leftBehind:
                return (true, nil)
            }
        }
        continuation?.resume(returning: value)
        return wasLeftBehind
    }

    /// Notes that the time is up.
    func timeOut() {
        let continuation: CheckedContinuation<Value?, Never>? = state.withLock { state in
            switch state {
            case .running:
                state = .timedOut
                return nil
            case .awaited(let continuation):
                state = .timedOut
                return continuation
            case .ended, .timedOut, .endedLate, .leftBehind:
                return nil
            }
        }
        continuation?.resume(returning: nil)
    }

    /// What the handler returned; nil when the time was up first.
    func result() async -> Value? {
        await withCheckedContinuation { continuation in
            let result: Value?? = state.withLock { state in
                switch state {
                case .running:
                    state = .awaited(continuation)
                    return nil
                case .ended(let value): return .some(value)
                case .awaited, .timedOut, .endedLate, .leftBehind: return .some(nil)
                }
            }
            if let result { continuation.resume(returning: result) }
        }
    }

    /// Whether the handler has ended, in time or late.
    var hasEnded: Bool {
        state.withLock { state in
            switch state {
            case .ended, .endedLate: true
            case .running, .awaited, .timedOut, .leftBehind: false
            }
        }
    }

    /// Gives the handler up; false when it has ended after all.
    func leaveBehind() -> Bool {
        state.withLock { state in
            guard case .timedOut = state else { return false }
            state = .leftBehind
            return true
        }
    }
}
