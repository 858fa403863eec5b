import EventDispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct NumberMatchingTests {
    @Test(arguments: [0.0, -0.0], [0.0, -0.0])
    func `both zeroes are one`(registered: Double, fired: Double) throws {
        let probe = try FilterProbe<Sample<Double>>(
            [
                \.value == registered, Filter(\.value, in: [registered, 1]), Filter(\.value, in: registered...1),
                Filter(\.value, in: -1..<registered), Filter(\.value, in: -1...registered), \.value > registered,
                \.value >= registered, \.value < registered, \.value <= registered, \.value != registered,
            ] + crowd
        )
        #expect(try probe.reached(by: Sample(fired)) == [0, 1, 2, 4, 6, 8])
    }

    @Test func `infinities are numbers like others`() throws {
        let probe = try FilterProbe<Sample<Double>>(
            [
                \.value == .infinity, \.value == -.infinity, Filter(\.value, in: 0...Double.infinity),
                Filter(\.value, in: 0..<Double.infinity), Filter(\.value, in: -Double.infinity...0),
                \.value > .greatestFiniteMagnitude, \.value < -.greatestFiniteMagnitude, \.value >= .infinity,
                \.value <= -.infinity, Filter(\.value, in: -Double.infinity...(.infinity)),
            ] + crowd
        )
        #expect(try probe.reached(by: Sample(.infinity)) == [0, 2, 5, 7, 9])
        #expect(try probe.reached(by: Sample(-.infinity)) == [1, 4, 6, 8, 9])
        #expect(try probe.reached(by: Sample(.greatestFiniteMagnitude)) == [2, 3, 9])
    }

    @Test(arguments: [Double.nan, -.nan, .signalingNaN])
    func `an event of not a number matches negations only`(fired: Double) throws {
        let probe = try FilterProbe<Sample<Double>>(
            [
                \.value == 0, \.value < 0, \.value <= 0, \.value > 0, \.value >= 0, Filter(\.value, in: 0...1),
                Filter(\.value, in: -Double.infinity...(.infinity)), Filter(\.value, in: ...(-5)), \.value != 0,
                Filter(not: \.value < 0), Filter(\.value, in: [0, 1]),
            ] + crowd
        )
        #expect(try probe.reached(by: Sample(fired)) == [8, 9])
    }

    @Test func `the ends of ranges of fractions are exact`() throws {
        let probe = try FilterProbe<Sample<Float>>([
            Filter(\.value, in: 1..<2), Filter(\.value, in: 1...2), Filter(\.value, in: Float(1).nextUp..<2),
            Filter(\.value, in: -2 ... -1), Filter(\.value, in: -2 ..< -1),
        ])
        #expect(try probe.reached(by: Sample(1)) == [0, 1])
        #expect(try probe.reached(by: Sample(2)) == [1])
        #expect(try probe.reached(by: Sample(Float(2).nextDown)) == [0, 1, 2])
        #expect(try probe.reached(by: Sample(Float(2).nextUp)).isEmpty)
        #expect(try probe.reached(by: Sample(Float(1).nextDown)).isEmpty)
        #expect(try probe.reached(by: Sample(-1)) == [3])
        #expect(try probe.reached(by: Sample(-2)) == [3, 4])
        #expect(try probe.reached(by: Sample(Float(-2).nextDown)).isEmpty)
    }

    @Test func `ranges reach the ends of their type`() throws {
        let probe = try FilterProbe<Sample<Int>>([
            Filter(\.value, in: Int.min...Int.max), Filter(\.value, in: Int.min...Int.min),
            Filter(\.value, in: Int.max...Int.max), Filter(\.value, in: Int.min..<Int.max),
            Filter(\.value, in: -1...0), Filter(\.value, in: Int.min...(-1)), Filter(\.value, in: 0...Int.max),
        ])
        #expect(try probe.reached(by: Sample(Int.min)) == [0, 1, 3, 5])
        #expect(try probe.reached(by: Sample(Int.max)) == [0, 2, 6])
        #expect(try probe.reached(by: Sample(-1)) == [0, 3, 4, 5])
        #expect(try probe.reached(by: Sample(0)) == [0, 3, 4, 6])
    }

    @Test func `ranges of unsigned numbers reach the ends of their type`() throws {
        let probe = try FilterProbe<Sample<UInt64>>([
            Filter(\.value, in: 0...UInt64.max), Filter(\.value, in: 0..<UInt64.max),
            Filter(\.value, in: 1...UInt64.max),
            Filter(\.value, in: UInt64.max...UInt64.max), Filter(\.value, in: 0...0),
        ])
        #expect(try probe.reached(by: Sample(0)) == [0, 1, 4])
        #expect(try probe.reached(by: Sample(UInt64.max)) == [0, 2, 3])
    }

    @Test func `ranges of every width come and go`() throws {
        let widths = (0..<40).map { 1 << $0 }
        let probe = try FilterProbe<Sample<Int>>(widths.map { Filter(\.value, in: -$0...$0) })
        for cancelled in [39, 0, 17, 3] {
            probe.cancel(cancelled)
            #expect(try !probe.reached(by: Sample(0)).contains(cancelled))
        }
        for (index, width) in widths.enumerated() where ![39, 0, 17, 3].contains(index) {
            #expect(try probe.reached(by: Sample(width)).first == index)
            #expect(try probe.reached(by: Sample(-width)).first == index)
        }
    }

    @Test func `ranges of one width come and go`() throws {
        let probe = try FilterProbe<Sample<Int>>((0..<60).map { Filter(\.value, in: 10 * $0..<10 * $0 + 10) })
        for index in 0..<59 {
            probe.cancel(index)
            for left in index + 1..<60 { #expect(try probe.reached(by: Sample(10 * left)) == [left]) }
        }
    }

    @Test func `numbers without ranks have ranges too`() throws {
        let probe = try FilterProbe<Sample<Int128>>([
            Filter(\.value, in: -(1 << 100)...(1 << 100)), Filter(\.value, in: 0..<(1 << 100)), \.value > 1 << 90,
        ])
        #expect(try probe.reached(by: Sample(1 << 100)) == [0, 2])
        #expect(try probe.reached(by: Sample(-1)) == [0])
        #expect(try probe.reached(by: Sample(0)) == [0, 1])
    }

    /// So many other values that the table is not small.
    private var crowd: [Filter<Sample<Double>>] { (100..<130).map { \.value == Double($0) } }
}
