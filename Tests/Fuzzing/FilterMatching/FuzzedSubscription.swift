import EventDispatch

/// A subscription of one handler, and the conditions in front of it.
struct FuzzedSubscription: CustomStringConvertible {
    let handler: Int
    let phase: FuzzedEvent.Phases
    let priority: Int
    /// Lines that have to hold together, each made of alternatives, each made of conditions that have to hold together.
    private let lines: [[[Filter<FuzzedEvent>]]]

    init(handler: Int, _ input: inout InputBytes) {
        self.handler = handler
        phase = input.pick(Domain.phases)
        priority = input.pick(Domain.priorities)
        lines = (0..<input.number(below: 4)).map { _ in
            (0...max(0, input.number(below: 6) - 3)).map { _ in
                (0...max(0, input.number(below: 6) - 4)).map { _ in input.filter() }
            }
        }
    }

    /// All conditions in one; nil without any.
    var filter: Filter<FuzzedEvent>? {
        guard !lines.isEmpty else { return nil }
        return joined(lines.map { line in joined(line.map { joined($0, by: &&) }, by: ||) }, by: &&)
    }

    private typealias Combination = (Filter<FuzzedEvent>, Filter<FuzzedEvent>) -> Filter<FuzzedEvent>

    private func joined(_ filters: [Filter<FuzzedEvent>], by combine: Combination) -> Filter<FuzzedEvent> {
        filters.dropFirst().reduce(filters[0], combine)
    }

    /// Registers the subscription, its conditions written in lines.
    func subscribe(to dispatcher: EventDispatcher, _ visits: Visits) throws(DispatchError) -> EventSubscription {
        try dispatcher.subscribe {
            On(FuzzedEvent.self) {
                for line in lines {
                    if line.count == 1 && line[0].count == 1 {
                        Where(line[0][0])
                    } else {
                        AnyOf {
                            for alternative in line {
                                Rule { for filter in alternative { Where(filter) } }
                            }
                        }
                    }
                }
                Phase(phase) { handle(visits) }
            }
        }
    }

    /// Registers the subscription, its conditions written as one.
    func subscribeInOneLine(
        to dispatcher: EventDispatcher,
        _ visits: Visits
    ) throws(DispatchError) -> EventSubscription {
        try dispatcher.subscribe {
            On(FuzzedEvent.self) {
                if let filter { Where(filter) }
                Phase(phase) { handle(visits) }
            }
        }
    }

    private func handle(_ visits: Visits) -> Handle<FuzzedEvent> {
        let visitor = Visitor(handler, visits)
        return Handle("\(handler)") { _ in visitor.note() }.priority(priority)
    }

    var description: String {
        "\(handler), phase \(phase), priority \(priority), where \(filter.map { "\($0)" } ?? "nothing is asked")"
    }
}
