import EventDispatch
import EventDispatchTesting
import TestSupport
import Testing

/// Filters that no hand writes.
@Suite(.timeLimit(.minutes(10))) struct HugeFilterTests: Sendable {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    /// A filter in which alternatives and conjunctions stand inside each other.
    private func nested(_ depth: Int) -> Filter<Sample<Int>> {
        (0..<depth).reduce(\.value == 0) { filter, level in
            level.isMultiple(of: 2) ? (\.value != -1) && filter : (\.value == level) || filter
        }
    }

    @Test func `a filter nested ten thousand deep is refused with the reason`() throws {
        let filters: [Filter<Sample<Int>>] = [
            nested(10_000),
            (0..<10_000).reduce(\.value == 0) { filter, _ in !filter },
        ]
        for filter in filters {
            #expect(!filter.matches(Sample(0)))
            #expect(filter.description == "{ … }")
            let error = refusal { () throws(DispatchError) in
                try dispatcher.on(Sample<Int>.self, where: filter) { _ in }
            }
            #expect(error?.code == .filterTooDeep)
            #expect(
                error?.message
                    == "the filter `{ … }` of EventDispatchTests.Sample<Swift.Int> is refused: "
                    + "its negations, conjunctions and alternatives stand more than 256 deep inside each other"
            )
        }
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `a filter that holds one that is too deep is refused too`() {
        let filter = nested(10_000) || \.value == 3
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Sample<Int>.self) {
                    AnyOf {
                        Where(\.value == 1)
                        Where(filter)
                    }
                    Handle { _ in }
                }
            }
        }
        #expect(error?.code == .filterTooDeep)
    }

    @Test func `a filter nested as deep as allowed matches as written`() throws {
        let filter = nested(255)
        let subscription = try dispatcher.on(Sample<Int>.self, where: filter) { [journal] in journal.note("\($0.value)")
        }
        for value in -1...255 { try dispatcher.fireSynchronously(Sample(value)) }
        let expected = (-1...255).filter { filter.matches(Sample($0)) }
        #expect(expected.count == 128)
        #expect(journal.entries == expected.map(String.init))
        subscription.cancel()
    }

    @Test(.disabled(if: isThreadSanitized, "the sanitizer's frames are larger"))
    func `a filter nested as deep as allowed fits the stack of a thread`() async {
        let isRight = await onThread(stackSize: 512 << 10) { [dispatcher, journal] in
            let filter = nested(255)
            let subscription = try? dispatcher.on(Sample<Int>.self, where: filter) { _ in journal.note("ran") }
            _ = try? dispatcher.fireSynchronously(Sample(0))
            let explanation = dispatcher.explain(Sample(-1))
            subscription?.cancel()
            return filter.matches(Sample(0)) && "\(filter)".count > 1_000 && "\(explanation)".count > 100
        }
        #expect(isRight)
        #expect(journal.entries == ["ran"])
    }

    @Test func `blocks that a program nests ten thousand deep are refused`() {
        /// A block that somebody's program put together.
        struct Made: Clause {
            typealias Event = Sample<Int>
            let declaration: ClauseDeclaration
        }
        var alternatives = Where<Sample<Int>>(\.value == 0).declaration
        var rules = alternatives
        for _ in 0..<10_000 {
            let (alternative, rule) = (alternatives, rules)
            alternatives = AnyOf<Sample<Int>> { Made(declaration: alternative) }.declaration
            rules = Rule<Sample<Int>> { Made(declaration: rule) }.declaration
        }
        for declaration in [alternatives, rules] {
            let error = refusal { () throws(DispatchError) in
                try dispatcher.subscribe {
                    On(Sample<Int>.self) {
                        Made(declaration: declaration)
                        Handle { _ in }
                    }
                }
            }
            #expect(error?.code == .filterTooDeep)
            #expect(error?.message.hasSuffix("blocks stand more than 64 deep inside each other") == true)
        }
    }

    @Test func `conditions beside each other are no depth`() throws {
        let filter: Filter<Sample<Int>> = (1..<2_000).reduce(\.value == 0) { filter, value in filter || \.value == value
        }
        #expect(filter.matches(Sample(1_999)))
        let subscription = try dispatcher.on(Sample<Int>.self, where: filter) { [journal] in journal.note("\($0.value)")
        }
        for value in [-1, 0, 1_999, 2_000] { try dispatcher.fireSynchronously(Sample(value)) }
        #expect(journal.entries == ["0", "1999"])
        subscription.cancel()
    }

    @Test func `many alternatives in one any of match as written`() throws {
        let count = scaled(5_000, full: 100_000)
        let subscription = try dispatcher.subscribe {
            On(Sample<Int>.self) {
                AnyOf {
                    for value in 0..<count { Where(\.value == value * 2) }
                }
                Handle { [journal] in journal.note("\($0.value)") }
            }
        }
        for value in [-2, 0, 1, count - 1, count, 2 * count - 2, 2 * count - 1, 2 * count] {
            try dispatcher.fireSynchronously(Sample(value))
        }
        #expect(journal.entries == ["0", "\(count)", "\(2 * count - 2)"])
        subscription.cancel()
        try dispatcher.fireSynchronously(Sample(0))
        #expect(journal.entries.count == 3)
    }

    @Test func `the error for a huge filter is short and names the mistake`() throws {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Sample<Double>.self) {
                    AnyOf {
                        for value in 0..<10_000 { Where(\.value == Double(value)) }
                        Where(\.value == .nan)
                    }
                    Handle { _ in }
                }
            }
        }
        #expect(error?.code == .notANumber)
        #expect(
            error?.message.hasSuffix("`\\.value == nan`: it compares with a value that does not equal itself") == true
        )
        #expect((error?.message.count ?? 0) < 500)
    }

    @Test func `ten thousand lines of one block hold together`() throws {
        let subscription = try dispatcher.subscribe {
            On(Sample<Int>.self) {
                for value in 0..<10_000 { Where(\.value != value * 2) }
                Handle { [journal] in journal.note("\($0.value)") }
            }
        }
        for value in [-2, 0, 1, 9_999, 10_000, 19_998, 20_000] { try dispatcher.fireSynchronously(Sample(value)) }
        #expect(journal.entries == ["-2", "1", "9999", "20000"])
        subscription.cancel()
    }
}
