import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct NumberFilterTests {
    @Test func `negative zero equals zero`() {
        for (filterValue, eventValue) in [(0.0, -0.0), (-0.0, 0.0)] {
            let track = Track(length: eventValue)
            #expect(Filter<Track>(\.length, is: filterValue).matches(track))
            #expect(Filter<Track>(\.length, in: [filterValue]).matches(track))
            #expect(Filter<Track>(\.length, in: filterValue...1).matches(track))
            #expect(!Filter<Track>(\.length, lessThan: filterValue).matches(track))
        }
    }

    @Test func `not a number matches nothing`() {
        let track = Track(length: .nan)
        let filters: [Filter<Track>] = [
            \.length == 0, \.length < 0, \.length <= 0, \.length > 0, \.length >= 0,
            Filter(\.length, in: [0, 1]), Filter(\.length, in: 0..<1), Filter(\.length, in: 0...1),
            Filter(\.length, in: 0...), Filter(\.length, in: ...0), Filter(\.length, in: ..<0),
        ]
        for filter in filters { #expect(!filter.matches(track), "\(filter)") }
    }

    @Test func `infinities are ordered`() {
        #expect(Filter<Track>(\.length, greaterThan: 1e308).matches(Track(length: .infinity)))
        #expect(Filter<Track>(\.length, is: .infinity).matches(Track(length: .infinity)))
        #expect(Filter<Track>(\.length, in: ...(-Double.infinity)).matches(Track(length: -.infinity)))
    }

    @Test func `nil is a value that is nil matches`() {
        #expect(Filter<Track>(\.album, .isNil).matches(Track(album: nil)))
        #expect(Filter<Track>(\.album, is: nil).matches(Track(album: nil)))
        #expect(Filter<Track>(\.album, in: [nil, "x"]).matches(Track(album: nil)))
        #expect(Filter<Track>(\.album, isNot: "x").matches(Track(album: nil)))
        #expect(!Filter<Track>(\.album, .exists).matches(Track(album: nil)))
    }
}
