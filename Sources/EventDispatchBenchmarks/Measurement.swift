/// What one operation takes, measured beside a floor in the same run.
struct Measurement {
    let name: String
    /// What the floor does, in a few words.
    let floorName: String
    private(set) var floorNanoseconds: [Double] = []
    private(set) var nanoseconds: [Double] = []

    init(_ name: String, floor floorName: String) {
        self.name = name
        self.floorName = floorName
    }

    /// Adds one round of both.
    mutating func add(floor: Duration, subject: Duration, operations: Int) {
        floorNanoseconds.append(floor.nanoseconds / Double(operations))
        nanoseconds.append(subject.nanoseconds / Double(operations))
    }

    /// The medians of all rounds, their ratio and their difference, on one line.
    var summary: String {
        let (floor, subject) = (median(floorNanoseconds), median(nanoseconds))
        return "\(name): \(rounded(subject)) ns; \(floorName): \(rounded(floor)) ns; "
            + "ratio \(rounded(subject / floor)), difference \(rounded(subject - floor)) ns"
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }

    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

extension Duration {
    /// The duration in nanoseconds.
    var nanoseconds: Double {
        Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
    }
}
