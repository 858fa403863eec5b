/// Whether a handler with a time-out has ended, and the fire that waits for that until its patience is at an end.
final class TimeoutRace: Sendable {
    private struct State {
        /// What came of the handler, once it has ended.
        var run: HandlerRun?
        /// Whether the time that the fire waits is over.
        var isTimeUp = false
        var isLeftBehind = false
        var fire: CheckedContinuation<HandlerRun?, Never>?

        /// Takes out the fire that waits.
        mutating func takeFire() -> CheckedContinuation<HandlerRun?, Never>? {
            defer { fire = nil }
            return fire
        }
    }

    private let state = Locked(State())

    /// Notes that the handler ended. Returns whether it had been left behind.
    func end(_ run: HandlerRun) -> Bool {
        let (wasLeftBehind, fire) = state.withLock { state in
            state.run = run
            return (state.isLeftBehind, state.takeFire())
        }
        fire?.resume(returning: run)
        return wasLeftBehind
    }

    /// Waits until the handler has ended, and returns what came of it; nil when the deadline comes first.
    func run(by deadline: Deadline, isolation: isolated (any Actor)?) async -> HandlerRun? {
        let ended = state.withLock { state in
            state.isTimeUp = false
            return state.run
        }
        if let ended { return ended }
        let timer = Task.detached {
            if await deadline.isReached() { self.endWait() }
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { fire in
            let answer: HandlerRun?? = state.withLock { state in
                if state.run != nil || state.isTimeUp { return state.run }
                state.fire = fire
                return nil
            }
            if let answer { fire.resume(returning: answer) }
        }
    }

    private func endWait() {
        let fire = state.withLock { state in
            state.isTimeUp = true
            return state.takeFire()
        }
        fire?.resume(returning: nil)
    }

    /// Gives the handler up; false when it has ended after all.
    func leaveBehind() -> Bool {
        state.withLock { state in
            state.isLeftBehind = state.run == nil
            return state.isLeftBehind
        }
    }
}
