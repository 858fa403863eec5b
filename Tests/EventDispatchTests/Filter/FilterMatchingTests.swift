import EventDispatch
import Testing

/// What each operator and its named twin match, and how they print.
@Suite(.timeLimit(.minutes(10))) struct FilterMatchingTests {
    struct Case: Sendable {
        let filter: Filter<Track>
        let twin: Filter<Track>
        let source: String
        let matching: [Track]
        let others: [Track]
    }

    private static let record = Track.Record.one
    private static let otherRecord = Track.Record.other

    static let cases: [Case] = [
        Case(
            filter: \.genre == .jazz,
            twin: Filter(\.genre, is: .jazz),
            source: #"\.genre == .jazz"#,
            matching: [Track(genre: .jazz)],
            others: [Track(genre: .rock), Track(genre: .remix(of: 1))]
        ),
        Case(
            filter: \.genre == .remix(of: 2),
            twin: Filter(\.genre, is: .remix(of: 2)),
            source: #"\.genre == .remix(of: 2)"#,
            matching: [Track(genre: .remix(of: 2))],
            others: [Track(genre: .remix(of: 1)), Track(genre: .jazz)]
        ),
        Case(
            filter: \.genre != .jazz,
            twin: Filter(\.genre, isNot: .jazz),
            source: #"\.genre != .jazz"#,
            matching: [Track(genre: .rock)],
            others: [Track(genre: .jazz)]
        ),
        Case(
            filter: \.plays < 10,
            twin: Filter(\.plays, lessThan: 10),
            source: #"\.plays < 10"#,
            matching: [Track(plays: 9), Track(plays: .min)],
            others: [Track(plays: 10), Track(plays: 11)]
        ),
        Case(
            filter: \.plays <= 10,
            twin: Filter(\.plays, atMost: 10),
            source: #"\.plays <= 10"#,
            matching: [Track(plays: 9), Track(plays: 10)],
            others: [Track(plays: 11)]
        ),
        Case(
            filter: \.plays > 10,
            twin: Filter(\.plays, greaterThan: 10),
            source: #"\.plays > 10"#,
            matching: [Track(plays: 11), Track(plays: .max)],
            others: [Track(plays: 10)]
        ),
        Case(
            filter: \.plays >= 10,
            twin: Filter(\.plays, atLeast: 10),
            source: #"\.plays >= 10"#,
            matching: [Track(plays: 10), Track(plays: 11)],
            others: [Track(plays: 9)]
        ),
        Case(
            filter: \.album == nil,
            twin: Filter(\.album, .isNil),
            source: #"\.album == nil"#,
            matching: [Track(album: nil)],
            others: [Track(album: "")]
        ),
        Case(
            filter: \.album != nil,
            twin: Filter(\.album, .exists),
            source: #"\.album != nil"#,
            matching: [Track(album: "")],
            others: [Track(album: nil)]
        ),
        Case(
            filter: \.record === record,
            twin: Filter(\.record, identicalTo: record),
            source: #"\.record === Record"#,
            matching: [Track(record: record)],
            others: [Track(record: otherRecord)]
        ),
        Case(
            filter: \.sleeve === record,
            twin: Filter(\.sleeve, identicalTo: record),
            source: #"\.sleeve === Record"#,
            matching: [Track(sleeve: record)],
            others: [Track(sleeve: otherRecord), Track(sleeve: nil)]
        ),
        Case(
            filter: !(\.plays < 10),
            twin: Filter(not: \.plays < 10),
            source: #"!(\.plays < 10)"#,
            matching: [Track(plays: 10)],
            others: [Track(plays: 9)]
        ),
        Case(
            filter: \.plays >= 10 && \.genre == .jazz,
            twin: Filter(\.plays, atLeast: 10) && Filter(\.genre, is: .jazz),
            source: #"\.plays >= 10 && \.genre == .jazz"#,
            matching: [Track(plays: 10, genre: .jazz)],
            others: [Track(plays: 9, genre: .jazz), Track(plays: 10, genre: .rock)]
        ),
        Case(
            filter: \.plays >= 10 || \.genre == .jazz,
            twin: Filter(\.plays, atLeast: 10) || Filter(\.genre, is: .jazz),
            source: #"\.plays >= 10 || \.genre == .jazz"#,
            matching: [Track(plays: 9, genre: .jazz), Track(plays: 10, genre: .rock)],
            others: [Track(plays: 9, genre: .rock)]
        ),
    ]

    @Test(arguments: cases)
    func `an operator and its named twin match the same`(_ example: Case) {
        for filter in [example.filter, example.twin] {
            for track in example.matching { #expect(filter.matches(track), "\(filter) on \(track)") }
            for track in example.others { #expect(!filter.matches(track), "\(filter) on \(track)") }
        }
    }

    @Test(arguments: cases)
    func `a filter prints as Swift source`(_ example: Case) {
        #expect(example.filter.description == example.source)
        #expect(example.twin.description == example.source)
    }

    static let labelled: [Case] = [
        labelled(Filter(\.plays, in: 1..<3), #"\.plays in 1..<3"#, [1, 2], [0, 3]),
        labelled(Filter(\.plays, in: 1...3), #"\.plays in 1...3"#, [1, 3], [0, 4]),
        labelled(Filter(\.plays, in: 1...), #"\.plays in 1..."#, [1, .max], [0]),
        labelled(Filter(\.plays, in: ...3), #"\.plays in ...3"#, [3, .min], [4]),
        labelled(Filter(\.plays, in: ..<3), #"\.plays in ..<3"#, [2], [3]),
        labelled(Filter(\.plays, in: [3, 1]), #"\.plays in [1, 3]"#, [1, 3], [2]),
        labelled(Filter(\.plays, in: Set([3, 1])), #"\.plays in [1, 3]"#, [1, 3], [2]),
        labelled(Filter(not: Filter(\.plays, in: 1..<3)), #"\.plays not in 1..<3"#, [0, 3], [1]),
        labelled(Filter(satisfying: { $0.plays.isMultiple(of: 2) }), "{ … }", [0, 2], [1]),
    ]

    private static func labelled(_ filter: Filter<Track>, _ source: String, _ plays: [Int], _ others: [Int]) -> Case {
        let matching = plays.map { Track(plays: $0) }
        return Case(
            filter: filter,
            twin: filter,
            source: source,
            matching: matching,
            others: others.map { Track(plays: $0) }
        )
    }

    @Test(arguments: labelled)
    func `a key is in a set an array or any range`(_ example: Case) {
        `an operator and its named twin match the same`(example)
        `a filter prints as Swift source`(example)
    }

    @Test func `nested conditions print with parentheses`() {
        let filter: Filter<Track> = (\.plays < 1 || \.plays > 9) && !(\.genre == .jazz && \.album == nil)
        #expect(filter.description == #"(\.plays < 1 || \.plays > 9) && !(\.genre == .jazz && \.album == nil)"#)
        let negations: Filter<Track> = !(!(\.genre == .jazz)) && !(\.plays < 1 || \.plays > 9)
        #expect(negations.description == #"!(\.genre != .jazz) && !(\.plays < 1 || \.plays > 9)"#)
    }

    @Test func `a value that would break the line prints escaped`() {
        let filter: Filter<Track> = \.title == "a\r\n\u{1B}[31m\0b\u{202E}"
        #expect(filter.description == #"\.title == "a\r\n\u{1B}[31m\0b\u{202E}""#)
    }

    @Test func `values print much as in Swift`() {
        let filters: [(Filter<Track>, String)] = [
            (\.letter == "x", #"\.letter == "x""#),
            (\.part == "hey", #"\.part == "hey""#),
            (Filter(\.letter, in: "a"..."z"), #"\.letter in "a"..."z""#),
            (\.side == .some(nil), #"\.side == .some(nil)"#),
            (\.side == nil, #"\.side == nil"#),
            (\.mood == .calm, #"\.mood == calm mood"#),
        ]
        for (filter, source) in filters { #expect(filter.description == source) }
    }

    @Test func `an optional need not be hashable to be compared with nil`() {
        let isNil: Filter<Track> = \.box == nil
        let exists: Filter<Track> = \.box != nil
        #expect(isNil.matches(Track(box: nil)) && !isNil.matches(Track(box: Track.Box())))
        #expect(exists.matches(Track(box: Track.Box())) && !exists.matches(Track(box: nil)))
    }

    @Test func `a closure is asked only when the lines above it hold`() {
        let journal = Journal()
        let closure = Filter<Track>(satisfying: { track in
            journal.note("\(track.plays)")
            return true
        })
        let filter = \.plays > 1 && closure
        #expect(!filter.matches(Track(plays: 1)))
        #expect(filter.matches(Track(plays: 2)))
        #expect(journal.entries == ["2"])
    }

    @Test func `key paths compared elsewhere keep their operators`() {
        let same: Bool = \Track.plays == \Track.plays
        let other: Bool = (\Track.plays as AnyKeyPath) != \Track.title
        #expect(same && other)
    }
}
