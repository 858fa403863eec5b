/// What is known of a type of event. There is one object for each type.
final class EventTypeFacts: Sendable {
    let name = Fact<String>()
    /// The phase that handlers outside any `Phase` run in.
    let mainPhase = Fact<PhaseInfo>()
    /// How many phases its events have.
    let phaseCount = Fact<Int>()
    /// The labels of the stored match keys.
    let keyNames = Fact<[KeyIdentity: String]>()

    static func of(_ event: any MatchableEvent.Type) -> EventTypeFacts {
        eventTypeFacts.withLock { facts in
            if let known = facts[ObjectIdentifier(event)] { return known }
            let new = EventTypeFacts()
            facts[ObjectIdentifier(event)] = new
            return new
        }
    }
}

/// A fact that users' code has to be asked for. It's asked once, and under no lock; by two threads at the same time it may be twice.
struct Fact<Value: Sendable>: ~Copyable, Sendable {
    private let kept = Locked<Value?>(nil)

    /// The fact; nil when nobody has asked for it yet.
    var known: Value? { kept.withLock { $0 } }

    /// The fact, which a closure finds out when it isn't known.
    func value(_ find: () -> Value) -> Value {
        if let known { return known }
        let found = find()
        kept.withLock { $0 = found }
        return found
    }
}

private let eventTypeFacts = Locked<[ObjectIdentifier: EventTypeFacts]>([:])
