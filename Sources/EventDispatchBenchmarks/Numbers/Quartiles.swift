/// The median of some measurements, and how far they lie around it.
struct Quartiles {
    let median: Double
    /// The distance between the first and the third quartile, as a part of the median.
    let spread: Double

    init(_ values: [Double]) {
        let sorted = values.sorted()
        func quantile(_ part: Double) -> Double {
            let position = part * Double(sorted.count - 1)
            let below = Int(position)
            let above = min(below + 1, sorted.count - 1)
            return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
        }
        median = quantile(0.5)
        spread = median > 0 ? (quantile(0.75) - quantile(0.25)) / median : 0
    }
}
