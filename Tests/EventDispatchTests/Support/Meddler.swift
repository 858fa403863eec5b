/// A value whose `==`, `hash` or `<` does something else too.
struct Meddler: Hashable, Comparable {
    enum Moment: Sendable {
        case equality, hash, order

        /// When tables ask a value that is being registered.
        static let whileRegistering = [equality, hash]
    }

    let number: Int
    private let act: @Sendable (Moment) -> Void

    init(_ number: Int, _ act: @escaping @Sendable (Moment) -> Void = { _ in }) {
        self.number = number
        self.act = act
    }

    static func == (left: Self, right: Self) -> Bool {
        left.act(.equality)
        right.act(.equality)
        return left.number == right.number
    }

    static func < (left: Self, right: Self) -> Bool {
        left.act(.order)
        right.act(.order)
        return left.number < right.number
    }

    func hash(into hasher: inout Hasher) {
        act(.hash)
        hasher.combine(number)
    }
}
