/// What a handler with modifiers does, said as plainly as can be: every event that it ever let pass is kept, and every rule counts them.
struct ModifierModel {
    /// An attempt of the handler.
    struct Attempt: Hashable {
        let event: Int
        let number: Int
    }

    private struct Claim {
        let event: Measurement
        var startedAt: Int?
        var hasSucceeded = false
    }

    private struct Pending {
        let claim: Int
        let due: Int
    }

    let recipe: ModifierRecipe
    private(set) var attempts: [Attempt] = []
    /// How many events have waited, and then not started the handler.
    private(set) var refusals = 0
    /// By the number of the claim; those that were given back are gone.
    private var claims: [Int: Claim] = [:]
    private var lastClaim = 0
    /// The claim that waits for other events to come, of each group or of all.
    private var pending: [Int: Pending] = [:]

    init(_ recipe: ModifierRecipe) { self.recipe = recipe }

    /// Fires an event; returns whether it is a match.
    mutating func fire(_ event: Measurement, at now: Int) -> Bool {
        guard recipe.values.contains(event.value), !isDuplicate(event),
            recipe.limits.allSatisfy({ allows($0, event, now) })
        else { return false }
        lastClaim += 1
        claims[lastClaim] = Claim(event: event)
        guard let (seconds, scope) = recipe.debounce else {
            start(lastClaim, at: now)
            return true
        }
        let place = scope == .all ? -1 : event.group
        if let last = pending[place] {
            if last.due <= now { start(last.claim, at: now) } else { claims[last.claim] = nil }
        }
        pending[place] = Pending(claim: lastClaim, due: now + seconds)
        return true
    }

    /// Starts what has waited long enough.
    mutating func reach(_ now: Int) {
        for (place, waiting) in pending where waiting.due <= now {
            pending[place] = nil
            start(waiting.claim, at: now)
        }
    }

    /// Starts all that waits.
    mutating func stop(at now: Int) {
        for waiting in pending.values { start(waiting.claim, at: now) }
        pending = [:]
    }

    private mutating func start(_ claim: Int, at now: Int) {
        guard let event = claims[claim]?.event else { return }
        // What has waited may have come to be a duplicate of the last start.
        if recipe.debounce != nil, let scope = recipe.duplicates {
            let started = claims.filter {
                $0.value.startedAt != nil && (scope == .all || $0.value.event.group == event.group)
            }
            guard started.max(by: { $0.key < $1.key })?.value.event.value != event.value else {
                claims[claim] = nil
                refusals += 1
                return
            }
        }
        let tries = min(event.failures, recipe.retries) + 1
        attempts += (1...tries).map { Attempt(event: event.id, number: $0) }
        claims[claim]?.startedAt = now
        claims[claim]?.hasSucceeded = event.failures <= recipe.retries
    }

    private func isDuplicate(_ event: Measurement) -> Bool {
        guard let scope = recipe.duplicates else { return false }
        let last = claims.filter { scope == .all || $0.value.event.group == event.group }.max { $0.key < $1.key }
        return last?.value.event.value == event.value
    }

    private func allows(_ limit: ModifierRecipe.Limit, _ event: Measurement, _ now: Int) -> Bool {
        let group = claims.values.filter { $0.event.group == event.group }
        let counts = { (claim: Claim, seconds: Int) in claim.startedAt.map { now - $0 < seconds } ?? true }
        return switch limit {
        case .starts(let count): claims.count < count
        case .successes(let count): claims.values.count { $0.startedAt == nil || $0.hasSucceeded } < count
        case .perGroup(let count): group.count < count
        case .within(let count, let seconds): claims.values.count { counts($0, seconds) } < count
        case .perGroupWithin(let count, let seconds): group.count { counts($0, seconds) } < count
        }
    }
}
