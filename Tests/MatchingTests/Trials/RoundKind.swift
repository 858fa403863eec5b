import ProgramSupport

/// What the filters of a round have in common.
enum RoundKind: String, CaseIterable {
    /// Few filters of every kind and depth.
    case mixed
    /// All filters are on one key.
    case oneKey
    /// All filters are on values with the same hash.
    case crowded
    /// Hundreds or thousands of simple filters.
    case large
    /// Hundreds of simple filters on keys with many values.
    case wide

    static func random(using random: inout SplitMix64) -> RoundKind {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<55: .mixed
        case 55..<80: .oneKey
        case 80..<92: .crowded
        case 92..<96: .large
        default: .wide
        }
    }

    /// The literals that the round's filters are made of.
    func keys(using random: inout SplitMix64) -> [LiteralOffers<GeneratedEvent>] {
        switch self {
        case .mixed, .large: GeneratedEvent.literals
        case .oneKey: [random.pick(GeneratedEvent.literals)]
        case .crowded: [GeneratedEvent.crowdedLiterals]
        case .wide: GeneratedEvent.wideLiterals
        }
    }

    var depths: ClosedRange<Int> {
        switch self {
        case .mixed: 0...5
        case .oneKey, .crowded: 0...3
        case .large, .wide: 0...1
        }
    }

    /// How many subscriptions there are to be, one number after the other.
    func populations(using random: inout SplitMix64) -> [Int] {
        switch self {
        case .mixed, .oneKey, .crowded: (0..<4).map { _ in Int.random(in: 5...50, using: &random) }
        case .large, .wide:
            { [$0, $0 / 8, $0 / 2, 3] }(Int.random(in: 200...2_000, using: &random))
        }
    }

    /// How many steps there are to a fire, while subscriptions are added and removed.
    var stepsToAFire: Int {
        switch self {
        case .mixed, .oneKey, .crowded: 2
        case .large, .wide: 300
        }
    }
}
