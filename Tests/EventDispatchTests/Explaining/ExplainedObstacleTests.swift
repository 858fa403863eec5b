import EventDispatch
import EventDispatchTesting
import Testing

/// What an explanation says of the handlers that an event does not match.
@Suite(.timeLimit(.minutes(10))) struct ExplainedObstacleTests {
    private final class Owner: Sendable {}

    private let dispatcher = EventDispatcher()
    private let subscriptions = SubscriptionBag()
    private let journal = Journal()

    private func subscribe(_ filter: Filter<Parcel>) throws {
        subscriptions.insert(try dispatcher.on(Parcel.self, where: filter) { _ in })
    }

    /// What kept the only handler.
    private func obstacle(to filter: Filter<Parcel>, _ parcel: Parcel = Parcel()) throws -> MatchObstacle {
        let subscription = try dispatcher.on(Parcel.self, where: filter) { _ in }
        defer { subscription.cancel() }
        let all = dispatcher.explain(parcel)
        let one = dispatcher.explain(parcel, subscription)
        #expect(all.obstacles == one.obstacles)
        #expect(all.matched.isEmpty)
        #expect(all.obstacles.count == 1)
        return try #require(all.obstacles.first)
    }

    @Test func `a condition that failed is told with the event's value`() throws {
        let obstacle = try obstacle(to: \.size == .large)
        #expect(obstacle.reason == .condition)
        #expect(obstacle.condition == #"\.size == .large"#)
        #expect(obstacle.value == ".small")
        #expect(obstacle.handlers == 1)
        #expect("\(obstacle)".hasSuffix(#": `\.size == .large` failed: `.small`"#))
    }

    @Test func `of a conjunction the first condition that fails is told`() throws {
        #expect(try obstacle(to: \.to == "Oslo" && \.size == .large && \.weight == 3).condition == #"\.size == .large"#)
    }

    @Test func `conditions on keys are told before closures`() throws {
        let isHeavy = Filter<Parcel> { parcel in parcel.weight > 100 }
        #expect(try obstacle(to: isHeavy && \.size == .large).condition == #"\.size == .large"#)
        #expect(try obstacle(to: isHeavy && (\.size == .large || isHeavy)).condition == "{ … }")
    }

    @Test func `a closure that failed is told without value`() throws {
        let obstacle = try obstacle(to: \.to == "Oslo" && Filter { _ in false })
        #expect(obstacle.condition == "{ … }")
        #expect(obstacle.value == nil)
    }

    @Test func `alternatives that all failed are told as a whole`() throws {
        let obstacle = try obstacle(to: \.to == "Oslo" && (\.size == .large || \.weight == 3))
        #expect(obstacle.condition == #"\.size == .large || \.weight == 3"#)
        #expect(obstacle.value == nil)
        #expect(try self.obstacle(to: \.weight == 1 || \.weight > 9).value == "7")
    }

    @Test func `long alternatives are cut`() throws {
        let places = (0..<1_000).map { Filter<Parcel>(\.to, is: "place \($0)") }
        let condition = try #require(try obstacle(to: places.dropFirst().reduce(places[0], ||)).condition)
        #expect(condition.count == 201)
        #expect(condition.hasSuffix("…"))
    }

    @Test func `a negated condition is told as it was negated`() throws {
        #expect(try obstacle(to: \.size != .small).condition == #"\.size != .small"#)
        let negated: Filter<Parcel> = !(\.size == .large || \.weight == 7)
        #expect(try obstacle(to: negated).condition == #"\.weight != 7"#)
        let alternatives: Filter<Parcel> = !(\.size == .small && \.weight == 7)
        #expect(try obstacle(to: alternatives).condition == #"!(\.size == .small && \.weight == 7)"#)
    }

    @Test func `equal conditions of several subscriptions are counted together`() throws {
        for _ in 0..<3 {
            try subscribe(\.size == .large)
            try subscribe(\.to == "Bergen")
            try subscribe(Filter(\.to, in: ["Bergen", "Moss"]))
            try subscribe(Filter(\.to, hasPrefix: "Be"))
            try subscribe(Filter(\.to, hasSuffix: "n"))
            try subscribe(Filter(\.to, contains: "erg"))
            try subscribe(Filter(\.to, matches: "Be.*"))
            try subscribe(Filter(\.weight, in: 10..<20))
            try subscribe(Filter(\.to, in: "P"..<"Q"))
            try subscribe(Filter(\.note, .exists))
            try subscribe(Filter(\.tags, contains: "x"))
            try subscribe(\.size == .large || \.weight == 1)
        }
        let obstacles = dispatcher.explain(Parcel()).obstacles
        #expect(obstacles.count == 12)
        #expect(obstacles.allSatisfy { $0.handlers == 3 })
    }

    @Test func `each filter prints the value that it was written with`() throws {
        try subscribe(\.to == "caf\u{E9}" && \.weight == 1)
        try subscribe(\.to == "cafe\u{301}" && \.weight == 2)
        try subscribe(Filter(\.to, in: ["caf\u{E9}"]) && \.weight == 3)
        try subscribe(\.to != "cafe\u{301}" && Filter(\.tags, contains: "cafe\u{301}"))
        let expected = [
            "\\.to == \"caf\u{E9}\" && \\.weight == 1", "\\.to == \"cafe\u{301}\" && \\.weight == 2",
            "\\.to in [\"caf\u{E9}\"] && \\.weight == 3",
            "\\.to != \"cafe\u{301}\" && \\.tags.contains(\"cafe\u{301}\")",
        ]
        #expect(dispatcher.handlers.map { Array(($0.filter ?? "").utf8) } == expected.map { Array($0.utf8) })
    }

    @Test func `different conditions are counted apart`() throws {
        let filters: [Filter<Parcel>] = [
            \.weight == 1, \.weight == 2, \.weight != 7, \.weight > 8, \.weight >= 8, \.weight < 1, \.weight <= 1,
            Filter(\.weight, in: 8..<9), Filter(\.weight, in: 8...9), Filter(\.to, hasPrefix: "e"),
            Filter(\.to, hasSuffix: "e"), Filter(\.to, contains: "e"), Filter(\.to, matches: "e"), \.to == "e",
            Filter(\.note, hasPrefix: "e"), Filter { _ in false }, !Filter { _ in true },
        ]
        for filter in filters { try subscribe(filter) }
        #expect(dispatcher.explain(Parcel()).obstacles.map(\.condition) == filters.map(\.description))
    }

    @Test func `the most frequent obstacles come first`() throws {
        try subscribe(\.weight == 1)
        for _ in 0..<2 { try subscribe(\.weight == 2) }
        for _ in 0..<3 { try subscribe(\.weight == 3) }
        try subscribe(\.weight == 4)
        let obstacles = dispatcher.explain(Parcel()).obstacles
        #expect(obstacles.map(\.handlers) == [3, 2, 1, 1])
        #expect(obstacles.map(\.condition) == [3, 2, 1, 4].map { #"\.weight == \#($0)"# })
    }

    @Test func `past twenty obstacles the others are counted`() throws {
        for weight in 100..<130 {
            for _ in 100..<weight { try subscribe(\.weight == weight) }
        }
        let explanation = dispatcher.explain(Parcel())
        #expect(explanation.obstacles.map(\.handlers) == Array((10...29).reversed()))
        #expect(explanation.furtherObstacles == 9)
        #expect(explanation.furtherHandlers == (1...9).reduce(0, +))
        #expect("\(explanation)".hasSuffix("\n  … and 9 more conditions (45 handlers)"))
    }

    @Test func `what is no condition is told however much else there is`() throws {
        for weight in 100..<130 {
            for _ in 0..<7 { try subscribe(\.weight == weight) }
        }
        let muted = try dispatcher.subscribe {
            On(Parcel.self) { for _ in 0..<6 { Handle("muted") { _ in } } }
        }
        let explanation = muted.muted { dispatcher.explain(Parcel()) }
        #expect(explanation.obstacles.count == 20)
        #expect(explanation.obstacles.map(\.handlers) == [Int](repeating: 7, count: 19) + [6])
        #expect(explanation.obstacles.last?.reason == .muted)
        #expect(explanation.furtherObstacles == 11)
        #expect(explanation.furtherHandlers == 77)
        let lines = "\(explanation)".split(separator: "\n")
        #expect(lines.last == "  … and 11 more conditions (77 handlers)")
        #expect(lines.dropLast().last?.hasPrefix("  6 handlers: the subscription is muted (the first: 'muted'") == true)
        muted.cancel()
    }

    @Test func `a limit without a start is an obstacle`() async throws {
        let gate = Gate()
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) { Handle { _ in try await gate.wait() }.limit(1, counting: .successes) }
        }
        #expect(dispatcher.explain(Parcel()).matched.count == 1)
        async let fire = dispatcher.fire(Parcel())
        await gate.arrivals(1)
        #expect(dispatcher.explain(Parcel()).obstacles.map(\.reason) == [.limit])
        gate.open()
        _ = try await fire
        #expect(dispatcher.explain(Parcel()).handlers == 0)
        subscription.cancel()
    }

    @Test func `a limit per key is an obstacle for the values that used it up`() throws {
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) { Handle { _ in }.limit(1, per: \.to) }
        }
        try dispatcher.fireSynchronously(Parcel())
        #expect(dispatcher.explain(Parcel()).obstacles.map(\.reason) == [.limit])
        #expect(dispatcher.explain(Parcel(to: "Bergen")).matched.count == 1)
        subscription.cancel()
    }

    @Test func `a limit of a block with one start left lets all of its handlers run`() throws {
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) {
                Rule {
                    Handle { _ in }
                    Handle { _ in }
                }.limit(1)
            }
        }
        #expect(dispatcher.explain(Parcel()).matched.count == 2)
        subscription.cancel()
    }

    @Test func `a dead owner is an obstacle`() throws {
        var owner: Owner? = Owner()
        if let owner { subscriptions.insert(try dispatcher.on(Parcel.self, weak: owner) { _, _ in }) }
        #expect(dispatcher.explain(Parcel()).matched.count == 1)
        owner = nil
        #expect(dispatcher.explain(Parcel()).obstacles.map(\.reason) == [.ownerGone])
    }

    @Test func `a closure is not asked when a key says enough`() throws {
        try subscribe(
            Filter { [journal] _ in
                journal.note("asked")
                return true
            } && \.size == .large
        )
        _ = dispatcher.explain(Parcel())
        #expect(journal.entries.isEmpty)
    }

    @Test func `a closure that alone can have failed is asked once`() throws {
        try subscribe(
            \.to == "Oslo"
                && Filter { [journal] _ in
                    journal.note("asked")
                    return false
                }
        )
        _ = dispatcher.explain(Parcel())
        #expect(journal.entries == ["asked"])
    }
}
