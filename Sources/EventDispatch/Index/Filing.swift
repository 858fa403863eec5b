/// Where a handler is filed, so that it can be taken out again.
struct Filing {
    private let lane: Unmanaged<Lane>
    private let place: UnsafeMutableRawPointer

    /// Without a place, for a lane that is one place as a whole.
    init(_ lane: Lane, _ place: UnsafeMutableRawPointer? = nil) {
        self.lane = .passUnretained(lane)
        self.place = place ?? self.lane.toOpaque()
    }

    /// Takes a handler out.
    func remove(_ registration: UInt64, _ garbage: Garbage) {
        lane._withUnsafeGuaranteedRef { $0.remove(registration, from: place, garbage) }
    }
}
