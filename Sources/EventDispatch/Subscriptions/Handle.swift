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
///
/// Modifiers say how often it starts and how it runs. Whatever the order in which they're written, an event passes them in this one:
/// the filter, ``removeDuplicates(of:fileID:line:)``, limits, ``debounce(_:fileID:line:)``, ``concurrency(_:fileID:line:)``,
/// ``retry(_:fileID:line:)``, ``timeout(_:grace:fileID:line:)``, the closure.
public struct Handle<Event: MatchableEvent>: Clause, Sendable {
    private var handler: HandlerDeclaration

    init(_ handler: HandlerDeclaration) { self.handler = handler }

    /// The handler as data.
    @_documentation(visibility: internal)
    public var declaration: ClauseDeclaration {
        ClauseDeclaration(content: .handler(handler), location: handler.location)
    }

    /// Lets the handler start at most `count` times, and exactly that often when at least that many events match, from
    /// however many tasks they are fired. Then it is removed and its captures are freed.
    ///
    /// A start that throws counts. Below 1, registration fails. Several limits have to allow a start together.
    ///
    /// With `counting: .successes` a start that fails is given back. Events that come while all starts are in flight are no
    /// match; they do not wait.
    ///
    /// - Parameters:
    ///   - count: how many starts.
    ///   - counting: which starts count.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public func limit(
        _ count: Int,
        counting: LimitCounting = .starts,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Self {
        limit(.starts(count, counting), CallSite(fileID: fileID, line: line))
    }

    /// Lets the handler start at most `count` times for each value of a key.
    ///
    /// It remembers `capacity` values. Past that it forgets the one that was used least recently, which then starts anew;
    /// ``HandlerDescription/forgottenKeys`` counts how often that happened. The handler is never used up. With a capacity of
    /// 1,024 or more, uses between two new values count as made at once. That goes for other limits and modifiers too.
    ///
    /// Values are compared under a lock of the limit: an `==`, or a `hash(into:)`, that fires the event at the same
    /// handler gets no start.
    ///
    /// - Parameters:
    ///   - count: how many starts for each value.
    ///   - key: the key that tells events apart.
    ///   - capacity: how many values the limit remembers.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    @inlinable
    public func limit<Value: Hashable & Sendable>(
        _ count: Int,
        per key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        capacity: Int = 65_536,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Self {
        let maker = EventKeyMaker(key, by: HashOperationsMaker(of: Value.self))
        return limit(count, per: maker, capacity, CallSite(fileID: fileID, line: line))
    }

    @usableFromInline
    func limit(_ count: Int, per key: EventKeyMaker, _ capacity: Int, _ location: CallSite) -> Self {
        limit(.startsPerKey(count, key, capacity: capacity), location)
    }

    /// Cancels the handler when it has not ended after a time, and leaves it behind when it has not ended after a grace either.
    ///
    /// Its outcome is then `timedOut`, whatever it returns later. A handler that is left behind goes on by itself; `stop` and
    /// `cancelAndWait` know of it. One with `on:` that has not come to its actor in time never starts.
    ///
    /// For asynchronous handlers only: on another, with a time that is not positive or a negative grace, registration fails.
    ///
    /// - Parameters:
    ///   - duration: how long until the handler is cancelled, on the dispatcher's clock.
    ///   - grace: how long the fire waits for its end after that, on the same clock; with `.zero` the fire goes on at once.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public func timeout(
        _ duration: Duration,
        grace: Duration = .seconds(1),
        fileID: String = #fileID,
        line: Int = #line
    ) -> Self {
        let location = CallSite(fileID: fileID, line: line)
        return with { $0.timeout = HandlerTimeout(duration: duration, grace: grace, location: location) }
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

    func with(_ change: (inout HandlerDeclaration) -> Void) -> Self {
        var copy = self
        change(&copy.handler)
        return copy
    }
}
