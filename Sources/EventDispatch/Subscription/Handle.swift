/// Declares a handler.
///
/// ```swift
/// Handle("audit") { event in await audit.record(event.name) }
/// ```
///
/// The closure may be synchronous or asynchronous, may throw, and returns the event's `Reply`. One without an isolation
/// of its own runs on the actor that fires; `@MainActor`, `@concurrent` and `on:` make it run elsewhere. The closure is
/// retained until the handler is cancelled or used up. Handlers of one phase start by ``priority(_:)``, then in the
/// order of their registration.
public struct Handle<Event: MatchableEvent>: Clause {
    private var handler: HandlerDeclaration<Event>

    init(_ handler: HandlerDeclaration<Event>) { self.handler = handler }

    /// The handler as data.
    public var declaration: ClauseDeclaration<Event> {
        ClauseDeclaration(content: .handler(handler), location: handler.location)
    }

    /// Lets the handler start at most `count` times, and exactly that often when at least that many events match, from
    /// however many tasks they are fired. Then it is removed and its captures are freed.
    ///
    /// A start that throws counts. Below 1, registration fails.
    public func limit(_ count: Int, fileID: String = #fileID, line: Int = #line) -> Self {
        with { $0.limit = .init(count: count, location: CallSite(fileID: fileID, line: line)) }
    }

    /// Lets the handler start once: `limit(1)`.
    public func once() -> Self { limit(1) }

    /// Lets the handler start earlier in its phase than those of lower priority; the default is 0. Handlers of equal
    /// priority start in the order of their registration.
    public func priority(_ priority: Int) -> Self {
        with { $0.priority = priority }
    }

    /// Names the handler, for reports and listings.
    public func named(_ name: String) -> Self {
        with { $0.name = name }
    }

    private func with(_ change: (inout HandlerDeclaration<Event>) -> Void) -> Self {
        var copy = self
        change(&copy.handler)
        return copy
    }
}
