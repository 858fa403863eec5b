#if SQLite
    import EventDispatch
    import EventDispatchStore
    import ProgramSupport

    /// The event that is published. Everything about it follows from its ID, so that a parent knows what becomes of it.
    struct Parcel: StorableEvent {
        static let storedName = "crash.parcel"
        static let regions = ["north", "east", "south", "west"]

        let id: String
        let customer: Int
        let region: String
        let weight: Int

        struct MatchKeys: MatchKeySet {
            let region = Key(\.region)
            let weight = Key(\.weight)
        }

        static let routingKeys: [RoutingKey<Self>] = [.init(\.region)]

        init(_ id: String) {
            self.id = id
            let chance = Self.chance(id, 0)
            customer = Int(chance % 12)
            region = Self.regions[Int(chance >> 8 % 4)]
            weight = Int(chance >> 16 % 100)
        }

        /// A random number that follows from an ID and what it is for.
        static func chance(_ id: String, _ purpose: UInt64) -> UInt64 {
            let hash = id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            var random = SplitMix64(seed: hash &+ purpose &* 0x9E37_79B9_7F4A_7C15)
            _ = random.next()
            return random.next()
        }

        /// The subscription whose handler the parcel kills, with its process.
        var poisoned: Taker? {
            let chance = Self.chance(id, 1)
            guard chance % 1_500 == 0 else { return nil }
            let taker = Taker.allCases[Int(chance >> 32 % UInt64(Taker.allCases.count))]
            return taker.takes(self) ? taker : nil
        }

        /// Whether the transaction that publishes it is rolled back.
        var isRolledBack: Bool { ParcelID(id)?.way == .inTransaction && Self.chance(id, 2) % 4 == 0 }
    }

    /// The parts of a parcel's ID: `process.way.number`, and `.part` for one of several that are published at once.
    struct ParcelID: Hashable {
        /// How a parcel is published; each child does all, beside each other.
        enum Way: Int, CaseIterable {
            case alone, beside, severalAtOnce, inTransaction
        }

        /// How many are published at once.
        static let parts = 3

        var process: Int
        var way: Way
        var number: Int
        var part: Int?

        init(process: Int, _ way: Way, _ number: Int, part: Int? = nil) {
            self.process = process
            self.way = way
            self.number = number
            self.part = part
        }

        init?(_ text: String) {
            let parts = text.split(separator: ".").compactMap { Int($0) }
            guard parts.count == 3 || parts.count == 4, let way = Way(rawValue: parts[1]) else { return nil }
            self.init(process: parts[0], way, parts[2], part: parts.count == 4 ? parts[3] : nil)
        }

        var text: String { "\(process).\(way.rawValue).\(number)\(part.map { ".\($0)" } ?? "")" }
    }
#endif
