import EventDispatch

/// Says which handlers an event has to reach, and in which order, by asking every filter in turn.
///
/// It is what a dispatcher's answers can be compared with: it has no index, so there is nothing in it to go wrong. It knows
/// the handlers that it was told of, by IDs of your choice.
///
/// ```swift
/// var oracle = MatchOracle<UserCreated>()
/// oracle.add(1, where: \.role == .admin)
/// oracle.add(2, during: .before)
/// #expect(oracle.matches(UserCreated(name: "susan", role: .admin)) == [2, 1])
/// ```
public struct MatchOracle<Event: MatchableEvent>: Sendable {
    /// A number that names a handler.
    public typealias ID = Int

    private struct Entry: Sendable {
        let id: ID
        let filter: Filter<Event>?
        let phaseIndex: Int
        let priority: Int
        let isReversed: Bool

        func matches(_ event: Event) -> Bool { filter?.matches(event) ?? true }
    }

    /// In the order of registration.
    private var entries: [Entry] = []

    /// Makes an oracle that knows of no handler.
    public init() {}

    /// Notes that a handler was registered.
    ///
    /// - Parameters:
    ///   - id: what ``matches(_:)`` calls the handler. Handlers may share an ID, and are then removed together.
    ///   - filter: the condition that it was registered with; nil without one.
    ///   - phase: the phase that it runs in, which has to be among the event's `allCases`.
    ///   - priority: its priority in the phase.
    ///   - isReversed: whether it stands in a `.reversed` block.
    public mutating func add(
        _ id: ID,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        priority: Int = 0,
        isReversed: Bool = false
    ) {
        guard let phaseIndex = Array(Event.Phases.allCases).firstIndex(of: phase) else {
            preconditionFailure("phase '\(phase)' is not among \(Event.Phases.self).allCases")
        }
        entries.append(
            Entry(id: id, filter: filter, phaseIndex: phaseIndex, priority: priority, isReversed: isReversed)
        )
    }

    /// Notes that the handlers of an ID were removed.
    public mutating func remove(_ id: ID) { entries.removeAll { $0.id == id } }

    /// How many handlers the oracle knows of.
    public var count: Int { entries.count }

    /// The handlers that an event reaches, in dispatch order: by phase, then from high to low priority, then in the order of
    /// registration, and those of `.reversed` blocks after the others, from the last to the first.
    public func matches(_ event: Event) -> [ID] {
        entries.enumerated()
            .filter { $0.element.matches(event) }
            .sorted { left, right in
                let (first, second) = (left.element, right.element)
                if first.phaseIndex != second.phaseIndex { return first.phaseIndex < second.phaseIndex }
                if first.priority != second.priority { return first.priority > second.priority }
                if first.isReversed != second.isReversed { return second.isReversed }
                return first.isReversed ? left.offset > right.offset : left.offset < right.offset
            }
            .map(\.element.id)
    }
}
