/// A value that counts how often it is hashed and compared. All that have the same number are equal, and all with the same group have
/// the same hash.
struct CountedValue: Hashable, Sendable {
    let number: Int
    let group: Int
    let hashes = Tally()
    let comparisons = Tally()

    init(_ number: Int, group: Int? = nil) {
        self.number = number
        self.group = group ?? number
    }

    static func == (left: Self, right: Self) -> Bool {
        left.comparisons.increment()
        right.comparisons.increment()
        return left.number == right.number
    }

    func hash(into hasher: inout Hasher) {
        hashes.increment()
        hasher.combine(group)
    }
}
