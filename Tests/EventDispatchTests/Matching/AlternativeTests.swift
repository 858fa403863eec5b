import EventDispatch
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct AlternativeTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `a handler runs once although several alternatives hold`() throws {
        let probe = try FilterProbe<UserCreated>([
            \.name == "susan" || \.role == .user || \.logins < 5,
            Filter(\.name, hasPrefix: "su") || Filter(\.name, hasSuffix: "an") || Filter(\.name, hasPrefix: "s"),
            Filter(\.logins, in: 0..<3) || Filter(\.logins, in: 0..<4) || Filter(\.logins, in: -9...9),
            (\.name == "susan" && \.role == .user) || (\.name == "susan" && \.logins == 0),
        ])
        #expect(try probe.reached(by: UserCreated()) == [0, 1, 2, 3])
    }

    @Test func `a handler runs once although several lines of an any of hold`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                AnyOf {
                    Where(\.name == "susan")
                    Where(\.role == .user)
                    Rule {
                        Where(\.logins < 5)
                        Where(\.role != .admin)
                    }
                }
                Handle { [journal] _ in journal.note("ran") }
            }
        }
        try dispatcher.fireSynchronously(UserCreated())
        #expect(journal.entries == ["ran"])
        subscription.cancel()
    }

    @Test func `alternatives on different keys keep the dispatch order`() throws {
        let probe = try FilterProbe<UserCreated>([
            Filter(\.logins, in: 0..<3), \.name == "susan", \.role == .guest || \.logins == 0, \.role == .user,
            \.name == "susan" || \.role == .user,
        ])
        #expect(try probe.reached(by: UserCreated()) == [0, 1, 2, 3, 4])
    }

    @Test func `alternatives that stand in one place are removed together`() throws {
        let twice: [Filter<UserCreated>] = [
            Filter(\.logins, in: 0..<3) || Filter(\.logins, in: 0..<4),
            (\.logins > 0 && \.role == .user) || (\.logins > 0 && \.role == .admin),
            (\.name == "susan" && \.logins > 0) || (\.name == "susan" && \.logins < 9),
            Filter(\.name, hasPrefix: "su") && \.logins < 9 || Filter(\.name, hasPrefix: "su") && \.logins > 0,
            Filter(\.name, hasSuffix: "n") || Filter(\.name, hasSuffix: "n"),
            Filter(\.name, matches: "susan") || Filter(\.name, matches: "susan"),
            Filter { _ in true } || Filter { _ in true },
        ]
        for filter in twice {
            var probe = try FilterProbe([filter, filter, filter])
            let event = UserCreated(logins: 1)
            #expect(try probe.reached(by: event) == [0, 1, 2])
            probe.cancel(1)
            #expect(try probe.reached(by: event) == [0, 2])
            probe.cancel(0)
            #expect(try probe.reached(by: event) == [2])
            probe.cancel(2)
            #expect(try probe.reached(by: event).isEmpty)
            // What was forgotten in its place would be taken for one of these, which take its memory.
            for _ in 0..<200 { try probe.add(\.name == "nobody") }
            #expect(try probe.reached(by: event).isEmpty)
        }
    }

    @Test func `many alternatives match once`() throws {
        let count = scaled(5_000, full: 100_000)
        let first = try registerAlternatives(count)
        let second = try registerAlternatives(count)
        for logins in [0, 1, count / 2, count - 1] {
            #expect(try dispatcher.fireSynchronously(UserCreated(logins: logins)).matched == 2)
        }
        #expect(try dispatcher.fireSynchronously(UserCreated(logins: count)).matched == 0)
        first.cancel()
        #expect(try dispatcher.fireSynchronously(UserCreated(logins: 7)).matched == 1)
        second.cancel()
        #expect(try dispatcher.fireSynchronously(UserCreated(logins: 7)).matched == 0)
    }

    private func registerAlternatives(_ count: Int) throws -> EventSubscription {
        try dispatcher.subscribe {
            On(UserCreated.self) {
                AnyOf {
                    for logins in 0..<count { Where(\.logins == logins) }
                }
                Handle { [journal] _ in journal.note("ran") }
            }
        }
    }

    @Test func `a product of alternatives is not multiplied out`() throws {
        let factors: [Filter<Point>] = [
            any(of: (0..<60).map { \.x == $0 }), any(of: (0..<60).map { \.y == 2 * $0 }),
            any(of: (0..<60).map { Filter(\.z, in: 3 * $0..<3 * $0 + 2) }), any(of: (0..<60).map { \.x == $0 + 5 }),
        ]
        let probe = try FilterProbe([factors[0] && factors[1] && factors[2] && factors[3]])
        #expect(try probe.reached(by: Point(x: 5, y: 8, z: 13)) == [0])
        #expect(try probe.reached(by: Point(x: 59, y: 118, z: 178)) == [0])
        #expect(try probe.reached(by: Point(x: 4, y: 8, z: 13)).isEmpty)
        #expect(try probe.reached(by: Point(x: 5, y: 9, z: 13)).isEmpty)
        #expect(try probe.reached(by: Point(x: 5, y: 8, z: 14)).isEmpty)
        #expect(try probe.reached(by: Point(x: 60, y: 8, z: 13)).isEmpty)
    }

    @Test func `alternatives which each have many conditions are checked as a whole`() throws {
        let filter = any(of: (0..<3_000).map { \.x == $0 && \.y != $0 && \.z > $0 })
        let probe = try FilterProbe([filter, \.x == 7])
        #expect(try probe.reached(by: Point(x: 7, y: 8, z: 8)) == [0, 1])
        #expect(try probe.reached(by: Point(x: 7, y: 7, z: 8)) == [1])
        #expect(try probe.reached(by: Point(x: 7, y: 8, z: 7)) == [1])
        #expect(try probe.reached(by: Point(x: 2_999, y: 8, z: 3_000)) == [0])
        probe.cancel(0)
        #expect(try probe.reached(by: Point(x: 7, y: 8, z: 8)) == [1])
    }

    @Test func `many alternatives beside one condition share it`() throws {
        let probe = try FilterProbe([any(of: (0..<3_000).map { \.x == $0 }) && \.y != 1])
        #expect(try probe.reached(by: Point(x: 2_999, y: 0, z: 0)) == [0])
        #expect(try probe.reached(by: Point(x: 2_999, y: 1, z: 0)).isEmpty)
        #expect(try probe.reached(by: Point(x: 3_000, y: 0, z: 0)).isEmpty)
    }

    @Test func `a filter may be nested two hundred and fifty deep`() throws {
        var filter: Filter<Point> = \.x == 0
        for depth in 1...250 {
            filter = depth.isMultiple(of: 2) ? filter || \.x == depth : filter && \.y != depth
        }
        let probe = try FilterProbe([filter, Filter(not: filter)])
        for x in [0, 1, 2, 100, 249, 250, 251] {
            for y in [0, 1, 99, 101, 247, 249] {
                let point = Point(x: x, y: y, z: 0)
                #expect(try probe.reached(by: point) == probe.holding(for: point))
            }
        }
    }

    @Test func `two hundred and fifty negations cancel each other`() throws {
        var filter: Filter<Point> = \.x == 1
        for _ in 0..<250 { filter = Filter(not: filter) }
        let probe = try FilterProbe([filter, Filter(not: filter)])
        #expect(try probe.reached(by: Point(x: 1, y: 0, z: 0)) == [0])
        #expect(try probe.reached(by: Point(x: 2, y: 0, z: 0)) == [1])
    }

    private func any(of filters: [Filter<Point>]) -> Filter<Point> {
        filters.dropFirst().reduce(filters[0]) { $0 || $1 }
    }
}

private struct Point: MatchableEvent {
    let x: Int
    let y: Int
    let z: Int

    struct MatchKeys: MatchKeySet {
        let x = Key(\.x)
        let y = Key(\.y)
        let z = Key(\.z)
    }
}
