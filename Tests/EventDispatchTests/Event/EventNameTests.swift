import EventDispatch
import PluginEvents
import Testing

/// What events are called whose types say nothing of it.
@Suite(.timeLimit(.minutes(10))) struct EventNameTests {
    private struct Outer<Value> {
        struct Inner<Other>: MatchableEvent {}
    }

    private enum Hidden {
        struct Event: MatchableEvent {}
    }

    @Test func `an event nested in another modules type is called as its user writes it`() {
        #expect(OrderPlaced.Cancelled.eventName == "PluginEvents.OrderPlaced.Cancelled")
        #expect(OrderPlaced.Details.Seen.eventName == "PluginEvents.OrderPlaced.Details.Seen")
        #expect(Array<Int>.Changed.eventName == "Swift.Array<Swift.Int>.Changed")
        #expect(
            Boxed<OrderPlaced.Cancelled>.eventName == "EventDispatchTests.Boxed<PluginEvents.OrderPlaced.Cancelled>"
        )
        #expect(
            Boxed<(Int, OrderPlaced.Cancelled) -> Void>.eventName
                == "EventDispatchTests.Boxed<(Swift.Int, PluginEvents.OrderPlaced.Cancelled) -> ()>"
        )
    }

    @Test func `private and local types are called without their contexts`() {
        struct Local: MatchableEvent {
            struct Deeper: MatchableEvent {}
        }
        func further() -> any MatchableEvent.Type {
            struct Local: MatchableEvent {}
            return Local.self
        }
        let inClosure = { () -> any MatchableEvent.Type in
            struct Local: MatchableEvent {}
            return Local.self
        }
        #expect(Local.eventName == "EventDispatchTests.EventNameTests.Local")
        #expect(Local.Deeper.eventName == "EventDispatchTests.EventNameTests.Local.Deeper")
        #expect(further().eventName == "EventDispatchTests.EventNameTests.Local")
        #expect(inClosure().eventName == "EventDispatchTests.EventNameTests.Local")
        #expect(Hidden.Event.eventName == "EventDispatchTests.EventNameTests.Hidden.Event")
        #expect(Secret.eventName == "EventDispatchTests.Secret")
        #expect(Boxed<Secret>.eventName == "EventDispatchTests.Boxed<EventDispatchTests.Secret>")
        #expect(OrderPlaced.secret.eventName == "PluginEvents.OrderPlaced.Secret")
    }

    @Test func `generic arguments belong to the token of their type`() throws {
        #expect(try patterns(reaching: Boxed<Int>()) == ["M.*", "M.**", "M.Boxed", "M.Boxed.**", "M.Boxed<Swift.Int>"])
        #expect(
            try patterns(reaching: Boxed<(Int, String) -> [Double]>()) == ["M.*", "M.**", "M.Boxed", "M.Boxed.**"]
        )
        #expect(try patterns(reaching: Boxed<Boxed<Int>>()) == ["M.*", "M.**", "M.Boxed", "M.Boxed.**"])
        #expect(try patterns(reaching: Tagged()) == ["M.*", "M.**", "M.Tagged"])
        #expect(
            try patterns(reaching: Outer<Int>.Inner<Secret>())
                == ["M.**", "M.EventNameTests.Outer.Inner", "M.*.Outer<Swift.Int>.*", "M.EventNameTests.Outer.**"]
        )
    }

    @Test func `a condition on the name takes its tokens too`() throws {
        let dispatcher = EventDispatcher()
        let journal = Journal()
        let subscription = try dispatcher.subscribe {
            for pattern in ["*.*", "*.*.*", "*.Boxed"] {
                OnAny {
                    Where(\.eventName, matches: pattern)
                    Handle { [journal] _ in journal.note(pattern) }
                }
            }
        }
        try dispatcher.fireSynchronously(Boxed<Int>())
        #expect(journal.entries == ["*.*", "*.Boxed"])
        subscription.cancel()
    }

    /// The patterns, with `M` for the module, that take an event.
    private func patterns(reaching event: some MatchableEvent) throws -> [String] {
        let dispatcher = EventDispatcher()
        let journal = Journal()
        let subscription = try dispatcher.subscribe {
            for pattern in [
                "M.*", "M.*.*", "M.**", "M.Boxed", "M.Boxed.*", "M.Boxed.**", "M.Boxed<Swift.Int>",
                "M.Boxed<Swift.String>", "M.Tagged", "M.EventNameTests.Outer.Inner", "M.*.Outer<Swift.Int>.*",
                "M.*.Outer<Swift.String>.*", "M.EventNameTests.Outer.**",
            ] {
                OnAny(named: pattern.replacing("M.", with: "EventDispatchTests.", maxReplacements: 1)) { [journal] _ in
                    journal.note(pattern)
                }
            }
        }
        defer { subscription.cancel() }
        try dispatcher.fireSynchronously(event)
        return journal.entries
    }
}

private struct Boxed<Value>: MatchableEvent {}

private struct Tagged: MatchableEvent {}

private struct Secret: MatchableEvent {}

extension OrderPlaced {
    fileprivate struct Cancelled: MatchableEvent {}

    fileprivate enum Details {
        struct Seen: MatchableEvent {}
    }

    private struct Secret: MatchableEvent {}

    fileprivate static var secret: any MatchableEvent.Type { Secret.self }
}

extension Array where Element: Sendable {
    fileprivate struct Changed: MatchableEvent {}
}
