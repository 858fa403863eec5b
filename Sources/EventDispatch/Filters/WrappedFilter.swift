import Synchronization

/// The filter of a handler of any event for the events of one type: are they of the type that it takes, and does the filter
/// that it was declared with holds for what it receives.
final class WrappedFilter: Sendable {
    /// Whether an event is of the type that the handler takes; nil where all are.
    private let verdict: CastVerdict?
    /// The name of the type that the handler takes.
    private let base: String
    /// The filter that the handler was declared with; nil without one.
    let filter: FilterNode?
    /// Makes a copy of what the handler receives.
    let copyWrapped: @Sendable (EventReference) -> EventCopy

    init(
        _ verdict: CastVerdict?,
        as base: String,
        _ filter: FilterNode?,
        _ copyWrapped: @escaping @Sendable (EventReference) -> EventCopy
    ) {
        self.verdict = verdict
        self.base = base
        self.filter = filter
        self.copyWrapped = copyWrapped
    }

    /// Whether the events of the type differ in whether the handler takes them.
    var selectsEvents: Bool { verdict.map { !$0.isUniform } ?? false }

    /// Whether an event is of the type that the handler takes.
    func takes(_ event: EventReference) -> Bool { verdict?.takes(event) ?? true }

    /// Whether an event is for the handler.
    func holds(for event: EventReference) -> Bool {
        guard takes(event) else { return false }
        guard let filter else { return true }
        let copy = copyWrapped(event)
        return withExtendedLifetime(copy) { filter.holds(for: copy.reference) }
    }

    /// That an event is of the type that the handler takes, as Swift source.
    var requirement: String { "event is \(base)" }

    func write(to output: inout PrintedText) {
        if selectsEvents || filter == nil { output.append(requirement) }
        if let filter {
            if selectsEvents { output.append(" && ") }
            output.append(filter.printed(atMost: output.room))
        }
    }
}

/// Whether the events of a type can be cast to another: the same for all of them, and so found out once, unless they are of a
/// class, which may have subclasses.
final class CastVerdict: Sendable {
    let isUniform: Bool
    private let ask: @Sendable (EventReference) -> Bool
    /// 0 while it is not known, 1 for no, 2 for yes.
    private let verdict = Atomic<UInt8>(0)

    init(isUniform: Bool, _ ask: @escaping @Sendable (EventReference) -> Bool) {
        self.isUniform = isUniform
        self.ask = ask
    }

    func takes(_ event: EventReference) -> Bool {
        let known = verdict.load(ordering: .relaxed)
        if known != 0 { return known == 2 }
        let takes = ask(event)
        if isUniform { verdict.store(takes ? 2 : 1, ordering: .relaxed) }
        return takes
    }
}
