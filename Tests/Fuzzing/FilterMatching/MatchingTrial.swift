import EventDispatch
import EventDispatchTesting

/// Does steps with a dispatcher and, where both differ, stops the process and prints the steps.
struct MatchingTrial {
    let dispatcher = EventDispatcher()

    private let visits: Visits
    private var oracle = MatchOracle<FuzzedEvent>()
    private var subscriptions: [(handler: Int, token: EventSubscription)] = []
    /// What the dispatcher said can never match.
    private var impossible: [Filter<FuzzedEvent>] = []
    private var steps: [Step] = []

    init(_ visits: Visits) { self.visits = visits }

    mutating func take(_ step: Step) {
        steps.append(step)
        switch step {
        case .subscribe(let subscription): subscribe(subscription)
        case .cancel(let index): cancel(index)
        case .fire(let event): fire(event)
        }
        if visits.visitors != oracle.count { fail("\(visits.visitors) handlers are retained, not \(oracle.count)") }
    }

    private mutating func subscribe(_ subscription: FuzzedSubscription) {
        let (filter, handler) = (subscription.filter, subscription.handler)
        do {
            subscriptions.append((handler, try register(subscription)))
            oracle.add(handler, where: filter, during: subscription.phase, priority: subscription.priority)
        } catch {
            switch error.code {
            case .neverMatches: if let filter { impossible.append(filter) }
            case .notANumber, .invalidPattern: break
            default: fail("refused: \(error)")
            }
        }
    }

    private func register(_ subscription: FuzzedSubscription) throws(DispatchError) -> EventSubscription {
        do {
            return try subscription.subscribe(to: dispatcher, visits)
        } catch {
            // A line that can never hold is refused where it stands, also where others could hold in its place.
            guard error.code == .neverMatches else { throw error }
            return try subscription.subscribeInOneLine(to: dispatcher, visits)
        }
    }

    private mutating func cancel(_ index: Int) {
        guard !subscriptions.isEmpty else { return }
        let (handler, token) = subscriptions.remove(at: index % subscriptions.count)
        token.cancel()
        oracle.remove(handler)
    }

    private func fire(_ event: FuzzedEvent) {
        if let filter = impossible.first(where: { $0.matches(event) }) { fail("was refused, but matches: \(filter)") }
        let expected = oracle.matches(event)
        do {
            let report = try dispatcher.fireSynchronously(event)
            let reached = visits.take()
            if reached != expected { fail("reached \(reached), and should have reached \(expected)") }
            if report.matched != expected.count { fail("reports \(report.matched) matched of \(expected.count)") }
        } catch {
            fail("\(error)")
        }
    }

    private func fail(_ problem: String) -> Never {
        fatalError((["", problem, "after"] + steps.map(\.description)).joined(separator: "\n"))
    }
}
