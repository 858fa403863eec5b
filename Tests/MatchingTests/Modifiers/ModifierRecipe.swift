import EventDispatch
import ProgramSupport

/// The event of the generated modifiers.
struct Measurement: MatchableEvent {
    let id: Int
    let value: Int
    let group: Int
    /// How many attempts of a handler fail for it.
    let failures: Int

    struct MatchKeys: MatchKeySet {
        let value = Key(\.value)
        let group = Key(\.group)
    }
}

/// A handler with modifiers, drawn at random.
struct ModifierRecipe: CustomStringConvertible {
    enum Limit {
        case starts(Int)
        case successes(Int)
        case perGroup(Int)
        case within(Int, seconds: Int)
        case perGroupWithin(Int, seconds: Int)
    }

    /// Whether something is said of all events, or of those of each group.
    enum Scope { case all, group }

    let values: Set<Int>
    let duplicates: Scope?
    let limits: [Limit]
    let debounce: (seconds: Int, scope: Scope)?
    let retries: Int
    let concurrency: Scope?
    let isAsynchronous: Bool
    let isDetached: Bool

    init(_ random: inout SplitMix64) {
        values = random.oneIn(2) ? Set(0..<4) : [0, random.next(below: 4)]
        let duplicates: Scope? = random.oneIn(3) ? random.pick([.all, .group]) : nil
        limits = (0..<random.next(below: 3)).map { _ in Self.limit(&random) }
        debounce = random.oneIn(3) ? (1 + random.next(below: 4), random.pick([.all, .group])) : nil
        // Groups that wait start in no order, so they have to be compared among themselves.
        self.duplicates = debounce?.scope == .group ? duplicates.map { _ in .group } : duplicates
        retries = random.oneIn(2) ? random.next(below: 3) : 0
        isDetached = random.oneIn(3)
        isAsynchronous = random.oneIn(2)
        concurrency = (isAsynchronous || isDetached) && random.oneIn(2) ? random.pick([.all, .group]) : nil
    }

    private static func limit(_ random: inout SplitMix64) -> Limit {
        let count = 1 + random.next(below: 4)
        return switch random.next(below: 8) {
        case 0: .starts(5 * count)
        case 1: .successes(5 * count)
        case 2: .perGroup(3 * count)
        case 3, 4, 5: .within(count, seconds: 1 + random.next(below: 6))
        default: .perGroupWithin(count, seconds: 1 + random.next(below: 6))
        }
    }

    var description: String {
        "values \(values.sorted()), duplicates \(duplicates as Any), limits \(limits), debounce \(debounce as Any), "
            + "retries \(retries), concurrency \(concurrency as Any), asynchronous \(isAsynchronous), detached \(isDetached)"
    }

    /// The handler, which calls a closure for each attempt.
    func handle(_ attempt: @escaping @Sendable (Measurement) throws -> Void) -> Handle<Measurement> {
        var handle: Handle<Measurement> =
            isAsynchronous
            ? Handle { event in
                await Task.yield()
                try attempt(event)
            } : Handle { event in try attempt(event) }
        // In an order that has nothing to do with the one in which they act.
        if retries > 0 { handle = handle.retry(.immediate(attempts: retries + 1)) }
        if let (seconds, scope) = debounce {
            handle =
                scope == .all
                ? handle.debounce(.seconds(seconds)) : handle.debounce(.seconds(seconds), per: \.group)
        }
        if let concurrency {
            handle = concurrency == .all ? handle.concurrency(1) : handle.concurrency(1, per: \.group)
        }
        if isDetached { handle = handle.detached() }
        for limit in limits { handle = limit.added(to: handle) }
        if let duplicates {
            handle =
                duplicates == .all
                ? handle.removeDuplicates(of: \.value) : handle.removeDuplicates(of: \.value, per: \.group)
        }
        return handle
    }
}

extension ModifierRecipe.Limit {
    fileprivate func added(to handle: Handle<Measurement>) -> Handle<Measurement> {
        switch self {
        case .starts(let count): handle.limit(count)
        case .successes(let count): handle.limit(count, counting: .successes)
        case .perGroup(let count): handle.limit(count, per: \.group)
        case .within(let count, let seconds): handle.limit(count, within: .seconds(seconds))
        case .perGroupWithin(let count, let seconds): handle.limit(count, per: \.group, within: .seconds(seconds))
        }
    }
}
