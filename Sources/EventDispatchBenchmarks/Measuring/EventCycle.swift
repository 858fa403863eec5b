/// Goes through the indices of an array of events again and again.
struct EventCycle {
    private let count: Int
    private var position = 0

    init(count: Int) { self.count = count }

    /// The next indices, as ranges that lie one after the other in the array.
    mutating func next(_ events: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var left = events
        while left > 0 {
            let range = position..<min(position + left, count)
            ranges.append(range)
            left -= range.count
            position = range.upperBound == count ? 0 : range.upperBound
        }
        return ranges
    }
}
