import EventDispatch
import Testing

/// What can be known to be wrong with a filter is refused at registration, at the filter's line.
@Suite(.timeLimit(.minutes(10))) struct RefusedFilterTests {
    struct Mistake: Sendable, CustomStringConvertible {
        let filter: Filter<Track>
        let code: DispatchError.Code
        let message: String

        init(_ filter: Filter<Track>, _ code: DispatchError.Code, _ message: String) {
            self.filter = filter
            self.code = code
            self.message = message
        }

        var description: String { filter.description }
    }

    @Test(arguments: [
        Mistake(Filter(\.plays, in: 3..<3), .neverMatches, #"in `\.plays in 3..<3` there is nothing to be in"#),
        Mistake(Filter(\.plays, in: []), .neverMatches, #"in `\.plays in []` there is nothing to be in"#),
        Mistake(Filter(\.plays, in: Set()), .neverMatches, #"in `\.plays in []` there is nothing to be in"#),
        Mistake(Filter(\.plays, in: []) && \.genre == .jazz, .neverMatches, #"in `\.plays in []` there is nothing"#),
    ])
    func `an empty range or set is refused`(_ mistake: Mistake) {
        expectRefused(mistake)
    }

    @Test(arguments: [
        Mistake(
            \.length == .nan,
            .notANumber,
            #"`\.length == nan`: it compares with a value that does not equal itself"#
        ),
        Mistake(\.length != .nan, .notANumber, #"`\.length == nan`"#),
        Mistake(\.length < .nan, .notANumber, #"`\.length < nan`"#),
        Mistake(\.length >= .nan, .notANumber, #"`\.length >= nan`"#),
        Mistake(Filter(\.length, in: [1, .nan]), .notANumber, #"`\.length in [1.0, nan]`"#),
        Mistake(!(\.plays == 1 && \.length == .nan), .notANumber, #"`\.length == nan`"#),
    ])
    func `not a number is refused at registration`(_ mistake: Mistake) {
        expectRefused(mistake)
    }

    @Test(arguments: [
        excluding(\.genre == .jazz && \.genre == .rock, #"`\.genre == .jazz` and `\.genre == .rock`"#),
        excluding(\.plays == 3 && \.plays != 3, #"`\.plays == 3` and `\.plays != 3`"#),
        excluding(\.plays == 3 && \.plays > 3, #"`\.plays == 3` and `\.plays > 3`"#),
        excluding(\.plays < 3 && \.plays > 3, #"`\.plays < 3` and `\.plays > 3`"#),
        excluding(\.plays < 3 && \.plays >= 3, #"`\.plays < 3` and `\.plays >= 3`"#),
        excluding(Filter(\.plays, in: 3...3) && \.plays > 3, #"`\.plays in 3...3` and `\.plays > 3`"#),
        excluding(Filter(\.plays, in: 3...3) && \.plays < 3, #"`\.plays in 3...3` and `\.plays < 3`"#),
        excluding(\.plays > 3 && Filter(\.plays, in: 3...3), #"`\.plays > 3` and `\.plays in 3...3`"#),
        excluding(Filter(\.plays, in: 0..<3) && Filter(\.plays, in: [3, 4]), #"`\.plays in [3, 4]`"#),
        excluding(\.album == nil && Filter(\.album, .exists), #"`\.album == nil` and `\.album != nil`"#),
        excluding(\.album == nil && \.album == "x", #"`\.album == nil` and `\.album == "x"`"#),
        excluding(
            Filter(\.record, identicalTo: Track.Record.one) && Filter(\.record, identicalTo: Track.Record.other),
            #"`\.record === Record`"#
        ),
        excluding(!(\.plays != 1 || \.plays != 2), #"`\.plays == 1` and `\.plays == 2`"#),
        excluding((\.plays < 1 && \.plays > 1) || (\.plays == 5 && \.plays == 6), #"other; `\.plays == 5` and"#),
    ])
    func `conditions that exclude each other are refused`(_ mistake: Mistake) {
        expectRefused(mistake)
    }

    private static func excluding(_ filter: Filter<Track>, _ pair: String) -> Mistake {
        Mistake(filter, .neverMatches, pair)
    }

    @Test(arguments: [
        Mistake(Filter(\.title, matches: "a..b"), .invalidPattern, "a token of the pattern is empty"),
        Mistake(Filter(\.title, matches: ""), .invalidPattern, "a token of the pattern is empty"),
        Mistake(Filter(\.title, matches: "a.**.b"), .invalidPattern, "'**' stands for the rest"),
        Mistake(Filter(\.title, matches: "a.b*"), .invalidPattern, "not for a part of 'b*'"),
    ])
    func `a malformed pattern is refused`(_ mistake: Mistake) {
        expectRefused(mistake)
    }

    @Test func `conditions that can hold together are not refused`() throws {
        let filters: [Filter<Track>] = [
            \.plays <= 3 && \.plays >= 3,
            \.plays != 3 && \.plays != 4,
            Filter(\.plays, in: [1, 2]) && Filter(\.plays, in: [2, 3]),
            Filter(\.title, hasPrefix: "ab") && Filter(\.title, hasPrefix: "a"),
            (\.genre == .jazz || \.genre == .rock) && \.genre != .jazz,
            Filter(\.tags, contains: "a") && Filter(\.tags, contains: "b"),
            \.plays == 1 && \.title == "1",
            Filter(not: Filter(\.plays, in: [])),
            Filter(\.plays, in: []) || \.plays == 1,
            Filter(\.title, hasSuffix: "ab") && Filter(\.title, hasSuffix: "b"),
            \.title == "\r\n\u{212A}" && Filter(\.title, hasPrefix: "\r"),
            \.account == Track.Owner(1) && Filter(\.account, identicalTo: Track.Owner(1)),
            Filter(\.account, in: [Track.Owner(1)]) && Filter(\.account, identicalTo: Track.Owner(1)),
            \.account == Track.Owner(1) && Filter(not: Filter(\.account, identicalTo: Track.Owner(1))),
            \.side == .some(nil) && \.side != nil,
        ]
        let dispatcher = EventDispatcher()
        let subscriptions = SubscriptionBag()
        for filter in filters { subscriptions.insert(try dispatcher.on(Track.self, where: filter) { _ in }) }
        #expect(dispatcher.handlers.count == filters.count)
    }

    @Test func `lines that exclude each other across blocks are refused`() {
        let error = refusal { () throws(DispatchError) in
            try EventDispatcher().subscribe {
                On(Track.self) {
                    Where(\.plays < 3)
                    Rule {
                        Where(\.plays > 5, line: 12)
                        Handle { _ in }
                    }
                }
            }
        }
        #expect(error?.code == .neverMatches)
        #expect(error?.location.line == 12)
    }

    @Test func `an any of without lines is refused`() {
        let error = refusal { () throws(DispatchError) in
            try EventDispatcher().subscribe {
                On(Track.self) {
                    AnyOf(line: 12) { for name in [String]() { Where(\.title == name) } }
                    Handle { _ in }
                }
            }
        }
        #expect(error?.code == .neverMatches)
        #expect(error?.message.contains("there are no alternatives") == true)
        #expect(error?.location.line == 12)
    }

    /// An alternative that can't hold, and one that can.
    private static let halves: [(Filter<Track>, Filter<Track>)] = [
        (Filter(\.plays, in: []), \.plays == 1),
        (Filter(\.plays, in: 3..<3), \.plays == 1),
        (\.plays < 3 && \.plays > 5, \.genre == .jazz),
        (Filter(\.plays, in: []) || Filter(\.plays, in: []), \.plays == 1),
    ]

    @Test(arguments: halves.indices) func `an alternative that cannot hold is no mistake beside one that can`(
        index: Int
    ) throws {
        let (impossible, possible) = Self.halves[index]
        let dispatcher = EventDispatcher()
        let lines = try dispatcher.subscribe {
            On(Track.self) {
                AnyOf {
                    Where(impossible)
                    Where(possible)
                }
                Handle { _ in }
            }
        }
        let blocks = try dispatcher.subscribe {
            On(Track.self) {
                AnyOf {
                    Rule {
                        Where(impossible)
                        Where(\.title == "a")
                    }
                    AnyOf { Where(impossible) }
                    AnyOf {}
                    Where(possible)
                }
                Handle { _ in }
            }
        }
        let operators = try dispatcher.on(Track.self, where: impossible || possible) { _ in }
        #expect(try dispatcher.fireSynchronously(Track(plays: 1, genre: .jazz)).matched == 3)
        #expect(try dispatcher.fireSynchronously(Track(plays: 4, genre: .rock)).matched == 0)
        for subscription in [lines, blocks, operators] { subscription.cancel() }
    }

    @Test(arguments: halves.indices) func `alternatives none of which can hold are refused as a whole`(index: Int) {
        let impossible = Self.halves[index].0
        let operators = refusal { () throws(DispatchError) in
            try EventDispatcher().on(Track.self, where: impossible || Filter(\.length, in: [])) { _ in }
        }
        let lines = refusal { () throws(DispatchError) in
            try EventDispatcher().subscribe {
                On(Track.self) {
                    AnyOf(line: 12) {
                        Where(impossible)
                        Where(\.length, in: [])
                    }
                    Handle { _ in }
                }
            }
        }
        #expect(operators?.code == .neverMatches)
        #expect(lines?.code == .neverMatches)
        #expect(lines?.message == operators?.message)
        #expect(lines?.location.line == 12)
    }

    @Test func `a meaningless alternative is refused at its line`() {
        let error = refusal { () throws(DispatchError) in
            try EventDispatcher().subscribe {
                On(Track.self) {
                    AnyOf {
                        Where(\.plays == 1)
                        Where(\.length == .nan, line: 12)
                    }
                    Handle { _ in }
                }
            }
        }
        #expect(error?.code == .notANumber)
        #expect(error?.location.line == 12)
    }

    private func expectRefused(_ mistake: Mistake) {
        let dispatcher = EventDispatcher()
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Track.self) {
                    Handle("fine") { _ in }
                    Rule {
                        Where(mistake.filter, line: 12)
                        Handle("refused") { _ in }
                    }
                }
            }
        }
        #expect(error?.code == mistake.code)
        #expect(error?.message.contains(mistake.message) == true, "\(error?.message ?? "")")
        #expect(error?.location == CallSite(line: 12))
        #expect(dispatcher.handlers.isEmpty)
    }
}
