import EventDispatch
import Testing

/// What can be known to be wrong with a filter is refused at registration, at the filter's line.
@Suite struct RefusedFilterTests {
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

    private static let nothingToBeIn = "it can never match: there is nothing to be in"
    private static let contradiction = "it can never match: its conditions exclude each other"
    private static let notANumber = "it compares with a value that does not equal itself"

    @Test(arguments: [
        Mistake(Filter(\.plays, in: 3..<3), .neverMatches, #"`\.plays in 3..<3`"#),
        Mistake(Filter(\.plays, in: []), .neverMatches, #"`\.plays in []`"#),
        Mistake(Filter(\.plays, in: Set()), .neverMatches, #"`\.plays in []`"#),
    ])
    func anEmptyRangeOrSetIsRefused(_ mistake: Mistake) {
        expectRefused(mistake, Self.nothingToBeIn)
    }

    @Test(arguments: [
        Mistake(\.length == .nan, .notANumber, #"`\.length == nan`"#),
        Mistake(\.length != .nan, .notANumber, #"`\.length == nan`"#),
        Mistake(\.length < .nan, .notANumber, #"`\.length < nan`"#),
        Mistake(\.length >= .nan, .notANumber, #"`\.length >= nan`"#),
        Mistake(Filter(\.length, in: [1, .nan]), .notANumber, #"`\.length in [1.0, nan]`"#),
        Mistake(!(\.plays == 1 && \.length == .nan), .notANumber, #"`\.length == nan`"#),
    ])
    func notANumberIsRefusedAtRegistration(_ mistake: Mistake) {
        expectRefused(mistake, Self.notANumber)
    }

    @Test(arguments: [
        Mistake(\.genre == .jazz && \.genre == .rock, .neverMatches, #"`\.genre == .jazz && \.genre == .rock`"#),
        Mistake(\.plays == 3 && \.plays != 3, .neverMatches, #"\.plays != 3"#),
        Mistake(\.plays == 3 && \.plays > 3, .neverMatches, #"\.plays > 3"#),
        Mistake(\.plays < 3 && \.plays > 3, .neverMatches, #"\.plays > 3"#),
        Mistake(\.plays < 3 && \.plays >= 3, .neverMatches, #"\.plays >= 3"#),
        Mistake(Filter(\.plays, in: 3...3) && \.plays > 3, .neverMatches, #"\.plays > 3"#),
        Mistake(Filter(\.plays, in: 3...3) && \.plays < 3, .neverMatches, #"\.plays < 3"#),
        Mistake(\.plays > 3 && Filter(\.plays, in: 3...3), .neverMatches, #"\.plays in 3...3"#),
        Mistake(Filter(\.plays, in: 0..<3) && Filter(\.plays, in: [3, 4]), .neverMatches, "in [3, 4]"),
        Mistake(Filter(\.title, hasPrefix: "a") && Filter(\.title, hasPrefix: "b"), .neverMatches, #"("b")"#),
        Mistake(\.title == "x" && Filter(\.title, hasPrefix: "b"), .neverMatches, #"("b")"#),
        Mistake(\.album == nil && Filter(\.album, .exists), .neverMatches, #"\.album != nil"#),
        Mistake(\.album == nil && Filter(\.album, contains: "x"), .neverMatches, #"("x")"#),
        Mistake(!(\.plays != 1 || \.plays != 2), .neverMatches, #"!(\.plays != 1 || \.plays != 2)"#),
        Mistake((\.plays < 1 && \.plays > 1) || (\.plays == 5 && \.plays == 6), .neverMatches, " || "),
    ])
    func conditionsThatExcludeEachOtherAreRefused(_ mistake: Mistake) {
        expectRefused(mistake, Self.contradiction)
    }

    @Test(arguments: [
        Mistake(Filter(\.title, matches: "a..b"), .invalidPattern, "a token of the pattern is empty"),
        Mistake(Filter(\.title, matches: ""), .invalidPattern, "a token of the pattern is empty"),
        Mistake(Filter(\.title, matches: "a.**.b"), .invalidPattern, "'**' stands for the rest"),
        Mistake(Filter(\.title, matches: "a.b*"), .invalidPattern, "not for a part of 'b*'"),
    ])
    func aMalformedPatternIsRefused(_ mistake: Mistake) {
        expectRefused(mistake, "")
    }

    @Test func conditionsThatCanHoldTogetherAreNotRefused() throws {
        let filters: [Filter<Track>] = [
            \.plays <= 3 && \.plays >= 3,
            \.plays != 3 && \.plays != 4,
            Filter(\.plays, in: [1, 2]) && Filter(\.plays, in: [2, 3]),
            Filter(\.title, hasPrefix: "ab") && Filter(\.title, hasPrefix: "a"),
            (\.genre == .jazz || \.genre == .rock) && \.genre != .jazz,
            Filter(\.tags, contains: "a") && Filter(\.tags, contains: "b"),
            \.plays == 1 && \.title == "1",
        ]
        let dispatcher = EventDispatcher()
        let subscriptions = EventSubscriptions()
        for filter in filters { subscriptions.insert(try dispatcher.on(Track.self, where: filter) { _ in }) }
        #expect(dispatcher.subscriptions.count == filters.count)
    }

    @Test func linesThatExcludeEachOtherAcrossBlocksAreRefused() {
        let error = refusal { () throws(DispatchError) in
            try EventDispatcher().subscribe {
                On(Track.self) {
                    Where(\.plays < 3)
                    Rule {
                        Where(\.plays > 5)
                        Handle { _ in }
                    }
                }
            }
        }
        #expect(error?.code == .neverMatches)
        #expect(error?.location.line == #line - 7)
    }

    @Test func anAnyOfWithoutLinesIsRefused() {
        let error = refusal { () throws(DispatchError) in
            try EventDispatcher().subscribe {
                On(Track.self) {
                    AnyOf {}
                    Handle { _ in }
                }
            }
        }
        #expect(error?.code == .neverMatches)
        #expect(error?.location.line == #line - 6)
    }

    private func expectRefused(_ mistake: Mistake, _ reason: String) {
        let dispatcher = EventDispatcher()
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Track.self) {
                    Handle("fine") { _ in }
                    Rule {
                        Where(mistake.filter)
                        Handle("refused") { _ in }
                    }
                }
            }
        }
        #expect(error?.code == mistake.code)
        #expect(error?.message.contains(mistake.message) == true, "\(error?.message ?? "")")
        #expect(error?.message.hasSuffix(reason) == true, "\(error?.message ?? "")")
        #expect(error?.location == CallSite(line: #line - 9))
        #expect(dispatcher.subscriptions.isEmpty)
    }
}
