/// A closure that is asked about an event, and what it asks where that can be said.
struct Predicate: Sendable {
    private let ask: @Sendable (EventReference) -> Bool
    /// What a handler of any event asks; nil for a program's own closure.
    let wrapped: WrappedFilter?

    init(_ ask: @escaping @Sendable (EventReference) -> Bool) {
        self.ask = ask
        wrapped = nil
    }

    init(_ wrapped: WrappedFilter) {
        ask = { wrapped.holds(for: $0) }
        self.wrapped = wrapped
    }

    /// Whether it holds for an event.
    func holds(for event: EventReference) -> Bool { ask(event) }

    func write(to source: inout SourceText) {
        if let wrapped { wrapped.write(to: &source) } else { source.append("{ … }") }
    }
}
