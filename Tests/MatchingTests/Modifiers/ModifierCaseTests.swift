import EventDispatch
import EventDispatchTesting
import Foundation
import ProgramSupport
import TestSupport
import Testing

/// Random modifiers on random handlers, and random events at random times: the dispatcher starts them when a plain model does.
///
/// `EVENT_DISPATCH_SEED` replays a run.
@Suite(.timeLimit(.minutes(10))) struct ModifierCaseTests {
    private struct Failure: Error {}

    /// The attempts of each handler, and what became of none.
    private final class Attempts: DispatchObserver {
        private struct State {
            var ofHandlers: [[ModifierModel.Attempt]]
            /// Attempts, and events that have waited and not started a handler.
            var count = 0
            var waiting: (count: Int, continuation: CheckedContinuation<Void, Never>)?

            /// Takes out who waits for as many as there are.
            mutating func takeReady() -> CheckedContinuation<Void, Never>? {
                guard let waiting, waiting.count <= count else { return nil }
                self.waiting = nil
                return waiting.continuation
            }
        }

        private let state: Locked<State>

        init(handlers: Int) { state = Locked(State(ofHandlers: Array(repeating: [], count: handlers))) }

        /// Notes an attempt, which fails as often as the event says.
        func note(_ event: Measurement, of handler: Int) throws {
            let (number, ready) = state.withLock { state in
                let number = state.ofHandlers[handler].count { $0.event == event.id } + 1
                state.ofHandlers[handler].append(ModifierModel.Attempt(event: event.id, number: number))
                state.count += 1
                return (number, state.takeReady())
            }
            ready?.resume()
            if number <= event.failures { throw Failure() }
        }

        func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {
            guard case .skipped(.duplicate) = outcome.result else { return }
            let ready = state.withLock { state in
                state.count += 1
                return state.takeReady()
            }
            ready?.resume()
        }

        /// Waits for a number of attempts and refusals in all.
        func reach(_ count: Int) async {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state in
                    state.waiting = (count, continuation)
                    return state.takeReady()
                }
                ready?.resume()
            }
        }

        var ofHandlers: [[ModifierModel.Attempt]] { state.withLock { $0.ofHandlers.map { $0 } } }
    }

    @Test func `handlers with any modifiers start when a plain model says`() async throws {
        let seed = MatchingSettings.fromEnvironment().seed
        FileHandle.standardError.write(Data("modifiers: EVENT_DISPATCH_SEED=\(seed)\n".utf8))
        for trial in 0..<scaled(60, full: 3_000) {
            try await run(trial, SplitMix64(seed: seed, part: trial))
        }
    }

    private func run(_ trial: Int, _ generator: SplitMix64) async throws {
        var random = generator
        let clock = ManualClock()
        let dispatcher = EventDispatcher(clock: clock)
        var models = (0..<1 + random.next(below: 4)).map { _ in ModifierModel(ModifierRecipe(&random)) }
        let attempts = Attempts(handlers: models.count)
        dispatcher.observe(with: attempts)
        let subscription = try dispatcher.subscribe {
            On(Measurement.self) {
                for (index, model) in models.enumerated() {
                    Rule {
                        Where(\.value, in: model.recipe.values)
                        model.recipe.handle { event in try attempts.note(event, of: index) }
                    }
                }
            }
        }
        var now = 0
        for step in 0..<60 {
            if random.oneIn(3) {
                let seconds = 1 + random.next(below: 3)
                now += seconds
                clock.advance(by: .seconds(seconds))
                for index in models.indices { models[index].reach(now) }
            } else {
                let event = Measurement(
                    id: step,
                    value: random.next(below: 4),
                    group: random.next(below: 3),
                    failures: random.next(below: 3)
                )
                let report = try await dispatcher.fireReporting(event)
                var matched = 0
                for index in models.indices where models[index].fire(event, at: now) { matched += 1 }
                try #require(
                    report.matched == matched,
                    "matches in step \(step) of trial \(trial): \(models.map(\.recipe))"
                )
            }
            try await compare(models, attempts, dispatcher, "step \(step) of trial \(trial)")
        }
        await dispatcher.stop()
        for index in models.indices { models[index].stop(at: now) }
        try await compare(models, attempts, dispatcher, "the end of trial \(trial)")
        subscription.cancel()
    }

    /// Waits until as many attempts were made as the model says, and compares them.
    private func compare(
        _ models: [ModifierModel],
        _ attempts: Attempts,
        _ dispatcher: EventDispatcher,
        _ place: String
    ) async throws {
        await attempts.reach(models.reduce(0) { $0 + $1.attempts.count + $1.refusals })
        await dispatcher.drain()
        for (model, made) in zip(models, attempts.ofHandlers) {
            try #require(Set(made) == Set(model.attempts), "\(model.recipe) in \(place)")
            try #require(made.count == model.attempts.count, "\(model.recipe) in \(place)")
        }
    }
}
