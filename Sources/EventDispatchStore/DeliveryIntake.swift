import EventDispatch

/// What a subscription reads from its store, and what its blocks make of it: holds the events that the machine holds by number.
struct DeliveryIntake {
    let blocks: DurableBlocks
    private let order: DeliveryOrder
    /// What is fetched: the events of the blocks, and until the first end those of blocks that only an earlier program had.
    private(set) var interest: EventInterest
    /// Whether the store doesn't know yet what the subscription takes now.
    private(set) var isInterestUnsaved = false
    /// The events that aren't done, decoded, and those that are to be buried.
    private var held: [Int64: (stored: StoredEvent, event: (any StorableEvent)?)] = [:]

    init(_ blocks: DurableBlocks, _ order: DeliveryOrder) {
        self.blocks = blocks
        self.order = order
        interest = blocks.interest
    }

    /// Fetches events of parts, too, that no block is for now; they are dead letters.
    mutating func include(_ former: [EventInterest.Part]) {
        interest.parts += former
        isInterestUnsaved = !former.isEmpty
    }

    /// Notes that everything that was stored has been fetched: later events of former blocks are nobody's business.
    mutating func reachEnd() { interest = blocks.interest }

    /// Whether the store can be told what the subscription takes now: the events of former blocks have been fetched.
    var canSaveInterest: Bool { isInterestUnsaved && interest.parts.count == blocks.interest.parts.count }

    mutating func noteSavedInterest() { isInterestUnsaved = false }

    /// The parts of an earlier program's interest that no block is for now.
    func former(of earlier: EventInterest?) -> [EventInterest.Part] {
        (earlier?.parts ?? []).filter { !blocks.names.contains($0.name) }
    }

    /// Takes in an event, and says what it is for the machine.
    mutating func take(_ stored: StoredEvent) -> DeliveryMachine.Item {
        let sequence = stored.sequence
        guard blocks.knows(stored) else {
            held[sequence] = (stored, nil)
            return .init(sequence, .broken(.unknownName, "no block is for '\(stored.name)'"))
        }
        do {
            let event = try blocks.decode(stored)
            guard blocks.match(event) else { return .init(sequence, .unmatched) }
            held[sequence] = (stored, event)
            // The event as it's stored, and once more decoded.
            let bytes = 2 * stored.data.count
            return .init(sequence, .wanted(order.lane(of: event, sequence)), bytes: bytes)
        } catch {
            held[sequence] = (stored, nil)
            return .init(sequence, .broken(.undecodable, "\(error)"))
        }
    }

    /// Whether an event is held. Its end is saved before it's let go.
    func holds(_ sequence: Int64) -> Bool { held[sequence] != nil }

    /// An event as it's stored.
    func stored(_ sequence: Int64) -> StoredEvent? { held[sequence]?.stored }

    /// An event that can be delivered.
    func event(_ sequence: Int64) -> (any StorableEvent)? { held[sequence]?.event }

    /// When the first event that is held was published.
    var oldest: StoreTime? { held.values.lazy.map(\.stored.time).min() }

    /// Lets an event go.
    mutating func release(_ sequence: Int64) { held[sequence] = nil }

    /// Lets all events go.
    mutating func releaseAll() { held = [:] }
}
