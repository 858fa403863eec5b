/// How long something took, each time, in a histogram whose steps are a 32nd of the value.
struct Latencies: Sendable {
    private static let steps = 32

    private var counts = [Int](repeating: 0, count: 60 * steps)
    private(set) var count = 0
    private(set) var maximum = 0

    mutating func note(nanoseconds: Int) {
        counts[Self.bucket(of: nanoseconds)] += 1
        count += 1
        maximum = max(maximum, nanoseconds)
    }

    /// The value, rounded up to a step, that a part of all does not exceed.
    func quantile(_ part: Double) -> Int {
        let rank = Int((part * Double(count)).rounded(.up))
        var sum = 0
        for (bucket, count) in counts.enumerated() {
            sum += count
            if sum >= rank { return min(Self.upperEnd(of: bucket), maximum) }
        }
        return maximum
    }

    static func += (left: inout Latencies, right: Latencies) {
        for bucket in left.counts.indices { left.counts[bucket] += right.counts[bucket] }
        left.count += right.count
        left.maximum = max(left.maximum, right.maximum)
    }

    /// Up to 63 each value has a bucket; from there on there are 32 for each power of two.
    private static func bucket(of value: Int) -> Int {
        guard value >= 2 * steps else { return max(0, value) }
        let shift = Int.bitWidth - value.leadingZeroBitCount - 6
        return shift * steps + value >> shift
    }

    private static func upperEnd(of bucket: Int) -> Int {
        guard bucket >= 2 * steps else { return bucket }
        let shift = bucket / steps - 1
        return (bucket - shift * steps + 1) << shift - 1
    }
}
