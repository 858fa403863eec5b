import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct ValueKindMatchingTests {
    @Test func `identifiers of sixteen bytes match by all of them`() throws {
        let values = (0..<40).map { Sixteen(high: UInt64($0 / 2) << 40, low: UInt64($0 % 2)) }
        let probe = try FilterProbe<Sample<Sixteen>>(values.map { \.value == $0 })
        for (index, value) in values.enumerated() { #expect(try probe.reached(by: Sample(value)) == [index]) }
        #expect(try probe.reached(by: Sample(Sixteen(high: 0, low: 2))).isEmpty)
    }

    @Test func `enumerations match with their payload`() throws {
        let probe = try FilterProbe<Sample<Shape>>([
            \.value == .dot, \.value == .circle(1), \.value == .circle(2), \.value == .label("\u{E9}"),
            Filter(\.value, in: [.dot, .label("e\u{301}")]), \.value != .circle(1),
        ])
        #expect(try probe.reached(by: Sample(.dot)) == [0, 4, 5])
        #expect(try probe.reached(by: Sample(.circle(1))) == [1])
        #expect(try probe.reached(by: Sample(.label("e\u{301}"))) == [3, 4, 5])
    }

    @Test(arguments: [2, 8, 9, 50])
    func `a set beside another condition is checked also negated`(members: Int) throws {
        let set = Set(0..<members)
        let probe = try FilterProbe<Couple>([
            \.first == 1 && Filter(\.second, in: set), \.first == 1 && !Filter(\.second, in: set),
            \.first == 1 && !(Filter(\.second, in: set) || \.second == 99),
            !Filter(\.second, in: set),
        ])
        #expect(try probe.reached(by: Couple(first: 1, second: members - 1)) == [0])
        #expect(try probe.reached(by: Couple(first: 1, second: members)) == [1, 2, 3])
        #expect(try probe.reached(by: Couple(first: 1, second: 99)) == [1, 3])
        #expect(try probe.reached(by: Couple(first: 2, second: members)) == [3])
    }

    @Test func `every level of a nested optional is a value`() throws {
        let probe = try FilterProbe<Sample<Int??>>([
            Filter(\.value, is: .none), Filter(\.value, is: .some(.none)), Filter(\.value, is: 0),
            Filter(\.value, .isNil), Filter(\.value, .exists), Filter(\.value, in: [.none, .some(.none)]),
        ])
        #expect(try probe.reached(by: Sample(.none)) == [0, 3, 5])
        #expect(try probe.reached(by: Sample(.some(.none))) == [1, 4, 5])
        #expect(try probe.reached(by: Sample(0)) == [2, 4])
        #expect(try probe.reached(by: Sample(1)) == [4])
    }

    @Test func `an optional key matches values and nil`() throws {
        let probe = try FilterProbe<Sample<Int?>>([
            \.value == 1, \.value == nil, \.value != nil, \.value != 1, Filter(\.value, in: [nil, 2]),
        ])
        #expect(try probe.reached(by: Sample(nil)) == [1, 3, 4])
        #expect(try probe.reached(by: Sample(1)) == [0, 2])
        #expect(try probe.reached(by: Sample(2)) == [2, 3, 4])
    }

    @Test func `objects match by identity where that is asked`() throws {
        let (first, second) = (Name("a"), Name("a"))
        let probe = try FilterProbe<Sample<Name>>([\.value === first, \.value === second, \.value == first])
        #expect(try probe.reached(by: Sample(first)) == [0, 2])
        #expect(try probe.reached(by: Sample(second)) == [1, 2])
        #expect(try probe.reached(by: Sample(Name("a"))) == [2])
    }

    @Test func `an optional object matches by identity`() throws {
        let objects = (0..<20).map { _ in Name("a") }
        let probe = try FilterProbe<Sample<Name?>>(objects.map { \.value === $0 })
        for (index, object) in objects.enumerated() { #expect(try probe.reached(by: Sample(object)) == [index]) }
        #expect(try probe.reached(by: Sample(nil)).isEmpty)
    }

    @Test func `every element of a collection is looked for`() throws {
        let probe = try FilterProbe<Sample<[String]>>(
            (0..<20).map { Filter(\.value, contains: "tag \($0)") } + [Filter(not: Filter(\.value, contains: "tag 1"))]
        )
        #expect(try probe.reached(by: Sample(["none", "tag 3", "tag 1", "tag 3", "tag 19"])) == [1, 3, 19])
        #expect(try probe.reached(by: Sample([])) == [20])
    }

    @Test func `the elements of a set and of a slice are looked for`() throws {
        let sets = try FilterProbe<Sample<Set<Int>>>((0..<20).map { Filter(\.value, contains: $0) })
        #expect(try sets.reached(by: Sample([3, 30, 7])) == [3, 7])
        let slices = try FilterProbe<Sample<ArraySlice<Int>>>((0..<20).map { Filter(\.value, contains: $0) })
        #expect(try slices.reached(by: Sample([1, 3, 30, 7, 9][1...3])) == [3, 7])
    }

    @Test func `two elements may be asked for`() throws {
        let probe = try FilterProbe<Sample<[Int]>>([
            Filter(\.value, contains: 1) && Filter(\.value, contains: 2),
            Filter(\.value, contains: 1) || Filter(\.value, contains: 2),
            Filter(\.value, contains: 2) && !Filter(\.value, contains: 1),
        ])
        #expect(try probe.reached(by: Sample([2, 1])) == [0, 1])
        #expect(try probe.reached(by: Sample([2])) == [1, 2])
        #expect(try probe.reached(by: Sample([1])) == [1])
    }

    @Test(.timeLimit(.minutes(10))) func `the elements of a range are not gone through`() throws {
        let probe = try FilterProbe<Sample<Range<Int>>>([Filter(\.value, contains: 5), \.value == 0..<Int.max])
        #expect(try probe.reached(by: Sample(0..<Int.max)) == [0, 1])
        #expect(try probe.reached(by: Sample(6..<Int.max)).isEmpty)
    }

    @Test func `the characters of a text are looked for`() throws {
        let probe = try FilterProbe<Sample<String>>([
            Filter(\.value, contains: "\u{E9}" as Character), Filter(\.value, contains: "e" as Character),
        ])
        #expect(try probe.reached(by: Sample("cafe\u{301}")) == [0])
        #expect(try probe.reached(by: Sample("tee")) == [1])
    }
}

private struct Couple: MatchableEvent {
    let first: Int
    let second: Int

    struct MatchKeys: MatchKeySet {
        let first = Key(\.first)
        let second = Key(\.second)
    }
}

private struct Sixteen: Hashable {
    let high: UInt64
    let low: UInt64
}

private enum Shape: Hashable {
    case dot
    case circle(Int)
    case label(String)
}

/// An object that can be equal to another.
private final class Name: Hashable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: Name, right: Name) -> Bool { left.text == right.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
