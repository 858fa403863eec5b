/// What no dispatcher can do without in D3: finding the closure for a value, and calling it.
struct NamedClosures {
    private let closures: [@Sendable (Signal) throws -> Void]
    private let positions: [String: Int]

    init(_ count: Int, calls: CallCounter) {
        closures = (0..<count).map { _ in { _ in calls.increment() } }
        positions = Dictionary(uniqueKeysWithValues: (0..<count).map { (Signal.name($0), $0) })
    }

    func call(with signals: [Signal], _ range: Range<Int>) throws {
        for index in range {
            let signal = signals[index]
            if let position = positions[signal.name] { try closures[position](signal) }
        }
    }
}
