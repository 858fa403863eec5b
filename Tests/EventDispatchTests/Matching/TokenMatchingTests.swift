import EventDispatch
import EventDispatchTesting
import Testing

/// Where a dotted name is taken apart, and what its tokens fit.
@Suite(.timeLimit(.minutes(10))) struct TokenMatchingTests {
    /// The patterns that a name fits, by the index and by the filters themselves.
    private func fitting(_ name: String, _ patterns: [String]) throws -> [String] {
        let probe = try FilterProbe<Sample<String>>(patterns.map { Filter(\.value, matches: $0) })
        let reached = try probe.reached(by: Sample(name))
        #expect(reached == probe.holding(for: Sample(name)), "\(name)")
        return reached.map { patterns[$0] }
    }

    @Test func `an empty token fits no asterisk`() throws {
        let patterns = ["foo.*.bar", "*", "foo.*", "*.bar", "*.*", "foo.*.**", "foo.**", "**"]
        #expect(try fitting("foo..bar", patterns) == ["foo.**", "**"])
        #expect(try fitting("", patterns) == ["**"])
        #expect(try fitting("foo.", patterns) == ["foo.**", "**"])
        #expect(try fitting(".bar", patterns) == ["**"])
        #expect(try fitting(".", patterns) == ["**"])
        #expect(try fitting("foo.x.bar", patterns) == ["foo.*.bar", "foo.*.**", "foo.**", "**"])
    }

    @Test(arguments: ["\u{200D}", "\u{301}", "\u{FE0F}", "\u{1F3FD}", "\u{20E3}"])
    func `a dot separates whatever follows it`(joiner: String) throws {
        let patterns = ["foo.**", "foo.*", "*", "*.*", "foo.\(joiner)bar", "foo.*.\(joiner)x"]
        #expect(try fitting("foo.\(joiner)bar", patterns) == ["foo.**", "foo.*", "*.*", "foo.\(joiner)bar"])
        #expect(try fitting("foo.\(joiner)bar.\(joiner)x", patterns) == ["foo.**", "foo.*.\(joiner)x"])
    }

    @Test(arguments: ["a.*\u{301}", "a.b*\u{200D}", "*\u{301}.b", "a.**\u{200D}", "a.x**y", "a.B<*>"])
    func `an asterisk is a whole token whatever follows it`(pattern: String) {
        let error = refusal { () throws(DispatchError) in
            try EventDispatcher().on(Sample<String>.self, where: Filter(\.value, matches: pattern)) { _ in }
        }
        #expect(error?.code == .invalidPattern)
    }

    @Test func `what stands between brackets is not taken apart`() throws {
        let patterns = ["M.*", "M.*.*", "M.A", "M.A.**", "M.A<B.C>", "M.A<D>", "M.A.B", "*.*.*.*", "A.*", "A"]
        #expect(try fitting("M.A<B.C>", patterns) == ["M.*", "M.A", "M.A.**", "M.A<B.C>"])
        #expect(try fitting("M.A<(B.C, D.E) -> F.G>", patterns) == ["M.*", "M.A", "M.A.**"])
        #expect(try fitting("M.A<B<C.D>.E>.B", patterns) == ["M.*.*", "M.A.**", "M.A.B"])
        #expect(try fitting("M.(a.b c.d)", patterns) == ["M.*"])
        #expect(try fitting("A<B.C>", patterns) == ["A"])
        #expect(try fitting("A<B.C>.x", patterns) == ["A.*"])
        #expect(try fitting("M.`a.b <c`", patterns) == ["M.*"])
    }

    @Test func `a bracket that nothing closes is a letter like others`() throws {
        let patterns = ["*.*.*", "*.*", "*", "a<b.*.*", "x<y.*", "x"]
        #expect(try fitting("a<b.c.d", patterns) == ["*.*.*", "a<b.*.*"])
        #expect(try fitting("a.(b.(c", patterns) == ["*.*.*"])
        #expect(try fitting("x<y.z->", patterns) == ["*.*", "x<y.*"])
        #expect(try fitting("a>.b).c", patterns) == ["*.*.*"])
        #expect(try fitting("it`s.x", patterns) == ["*.*"])
    }

    @Test func `patterns of a generic type stand beside those of its specialisations`() throws {
        let patterns = ["M.A", "M.A<Int>", "M.A<String>", "M.*", "*.A", "*.A<Int>", "M.A.**", "M.A<Int>.**", "M.A<>"]
        #expect(
            try fitting("M.A<Int>", patterns)
                == ["M.A", "M.A<Int>", "M.*", "*.A", "*.A<Int>", "M.A.**", "M.A<Int>.**"]
        )
        #expect(try fitting("M.A<Float>", patterns) == ["M.A", "M.*", "*.A", "M.A.**"])
        #expect(try fitting("M.A", patterns) == ["M.A", "M.*", "*.A", "M.A.**"])
        #expect(try fitting("M.A<Int>.b", patterns) == ["M.A.**", "M.A<Int>.**"])
        #expect(try fitting("M.B<Int>", patterns) == ["M.*"])
    }

    @Test func `many brackets that nothing closes take no longer than letters`() throws {
        let name = String(repeating: "<(`", count: 100_000) + ".x"
        #expect(try fitting(name, ["*.x", "*", "**"]) == ["*.x", "**"])
    }
}
