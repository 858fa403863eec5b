import EventDispatch
import Testing

/// Modifiers that can't be right: registration names the handler, the value and the place.
@Suite(.timeLimit(.minutes(10))) struct RefusedModifierTests {
    private let dispatcher = EventDispatcher()

    private func message(
        _ handle: Handle<Ping>,
        during phase: StandardPhases = .during,
        _ options: PhaseOptions = []
    ) -> String? {
        refusal { () throws(DispatchError) in
            try dispatcher.subscribe { On(Ping.self) { Phase(phase, options) { handle } } }
        }?.message
    }

    private let awaited = Handle<Ping>("work") { _ in await Task.yield() }
    private let inPlace = Handle<Ping>("work") { _ in }
    private let place = "'work' at EventDispatchTests/RefusedModifierTests.swift"

    @Test func `an impossible number or time is refused`() {
        #expect(message(awaited.retry(-1)) == "\(place):18 has a retry that has 0 attempts; the least is 1")
        #expect(
            message(awaited.retry(.constant(.seconds(-1), attempts: 2)))
                == "\(place):18 has a retry that has a pause of -1.0 seconds; the least is none"
        )
        #expect(
            message(awaited.retry(.exponential(from: .seconds(2), upTo: .seconds(1), attempts: 2)))
                == "\(place):18 has a retry that has 1.0 seconds as longest pause, and begins with 2.0 seconds"
        )
        #expect(message(awaited.detached(atMost: 0)) == "\(place):18 is detached at most 0 times; the least is 1")
        #expect(message(awaited.debounce(.zero)) == "\(place):18 has a debounce of 0.0 seconds; it has to be positive")
        #expect(
            message(awaited.debounce(.seconds(1), per: \.count, capacity: 0))
                == "\(place):18 has a capacity of 0 for its debounce; the least is 1"
        )
        #expect(message(awaited.concurrency(0)) == "\(place):18 has a concurrency of 0; the least is 1")
        #expect(message(awaited.concurrency(-1, per: \.count)) == "\(place):18 has a concurrency of -1; the least is 1")
        #expect(
            message(awaited.limit(0, within: .seconds(1))) == "the limit of \(place):18 is 0; the least is 1"
        )
        #expect(
            message(awaited.limit(1, within: .zero))
                == "the span of the limit of \(place):18 is 0.0 seconds; it has to be positive"
        )
        #expect(
            message(awaited.limit(1, per: \.count, within: .seconds(1), capacity: 0))
                == "the capacity of the limit of \(place):18 is 0; the least is 1"
        )
        #expect(
            message(awaited.removeDuplicates(of: \.count, per: \.count, capacity: 0))
                == "the capacity for the last values of \(place):18 is 0; the least is 1"
        )
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a modifier that waits is refused on a synchronous handler`() {
        #expect(
            message(inPlace.retry(.constant(.seconds(1), attempts: 2)))
                == "\(place):19 is retried after pauses, but is synchronous and can't wait for them"
        )
        #expect(
            message(inPlace.concurrency(1))
                == "\(place):19 has a concurrency, but is synchronous and can't wait for its turn"
        )
        // Once detached, it has all the time it needs.
        #expect(message(inPlace.detached().concurrency(1).retry(.constant(.seconds(1), attempts: 2))) == nil)
        #expect(message(inPlace.retry(3)) == nil)
    }

    @Test func `a handler that departs is refused where its failure would come too late`() {
        let isRefused: (Handle<Ping>) -> Void = { handle in
            #expect(
                message(handle, during: .during, .failFast)?.contains(
                    "stands in a `.failFast` block, which would be over before"
                ) == true
            )
        }
        isRefused(awaited.detached())
        isRefused(awaited.detached(atMost: 3))
        isRefused(awaited.debounce(.seconds(1)))
        let gate = refusal { () throws(DispatchError) in
            try dispatcher.subscribe { OnAny(.before, .gate) { Handle("veto") { _ in }.detached() } }
        }
        #expect(gate?.code == .invalidModifier)
        #expect(gate?.message.contains("stands in a gate, which would let everything through") == true)
        #expect(
            message(awaited.debounce(.seconds(1)).detached(atMost: 1))?.contains(
                "no fire waits for a debounced handler"
            )
                == true
        )
        #expect(message(awaited.detached().debounce(.seconds(1))) == nil)
    }

    @Test func `the error has the place of the modifier`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.on(
                Ping.self,
                Handle { _ in }
                    .named("late")
                    .detached(atMost: -3)
            )
        }
        #expect(error?.code == .invalidModifier)
        #expect(error?.location == CallSite(fileID: #fileID, line: #line - 4))
    }
}
