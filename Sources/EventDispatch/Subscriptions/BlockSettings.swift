/// What the modifiers of a block say of all handlers inside: a limit that they share, and defaults for those that say nothing of their
/// own.
@_documentation(visibility: internal)
public struct BlockSettings: Sendable {
    private var rareLimit = Seldom<LimitDeclaration>()
    private var rareDefaults = Seldom<HandlerDefaults>()

    init() {}

    /// One budget for all handlers of the block.
    var limit: LimitDeclaration? {
        get { rareLimit.value }
        set { rareLimit.value = newValue }
    }

    /// The defaults.
    var defaults: HandlerDefaults {
        get { rareDefaults.value ?? HandlerDefaults() }
        set { rareDefaults.value = newValue }
    }

    /// Whether they say nothing.
    var isEmpty: Bool { limit == nil && defaults.isEmpty }
}

/// What holds for a handler where neither it nor a block further inside says otherwise.
struct HandlerDefaults: Sendable {
    var name: String?
    var priority: Int?
    /// For asynchronous handlers; others can't be cancelled.
    var timeout: HandlerTimeout?

    var isEmpty: Bool { name == nil && priority == nil && timeout == nil }

    /// Those of a block that stands inside one with these.
    func overridden(by inner: Self) -> Self {
        HandlerDefaults(
            name: inner.name ?? name,
            priority: inner.priority ?? priority,
            timeout: inner.timeout ?? timeout
        )
    }
}

extension HandlerDeclaration {
    /// The declaration, with defaults for what it does not say.
    func completed(by defaults: HandlerDefaults) -> Self {
        var copy = self
        if name.isEmpty, let name = defaults.name { copy.name = name }
        copy.priority = priority ?? defaults.priority
        if body.isAsynchronous { copy.timeout = timeout ?? defaults.timeout }
        return copy
    }
}

/// A block with handlers inside: `On`, `OnAny`, `Phase`, `Rule`. The library's own types conform.
///
/// Its modifiers speak for the handlers inside: they share its limit, and its time-out, priority and name hold for those that say nothing
/// of their own. An inner block goes before an outer one.
///
/// ```swift
/// On(OrderPlaced.self) {
///     Handle { event in try await ledger.book(event) }
///     Handle { event in try await mailer.confirm(event) }.timeout(.seconds(30))
/// }
/// .timeout(.seconds(2))
/// .named("orders")
/// ```
public protocol HandlerBlock {
    /// What the block's modifiers say.
    @_documentation(visibility: internal)
    var settings: BlockSettings { get set }
}

extension HandlerBlock {
    /// Lets the handlers of the block start for at most `count` events: one claim an event, however many of them it matches.
    public func limit(_ count: Int, fileID: String = #fileID, line: Int = #line) -> Self {
        let location = CallSite(fileID: fileID, line: line)
        return with { $0.limit = LimitDeclaration(.starts(count, .starts), at: location) }
    }

    /// Gives the asynchronous handlers of the block a time-out, as ``Handle/timeout(_:grace:fileID:line:)`` does, where neither they nor
    /// a block further inside have one.
    ///
    /// Synchronous handlers can't be cancelled, so it's not for them. Registration fails when all handlers of the block are synchronous,
    /// when the time is not positive, or when the grace is negative.
    ///
    /// - Parameters:
    ///   - duration: how long until a handler is cancelled, on the dispatcher's clock.
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
        return with { $0.defaults.timeout = HandlerTimeout(duration: duration, grace: grace, location: location) }
    }

    /// Gives the handlers of the block a priority in their phase, where neither they nor a block further inside have one.
    public func priority(_ priority: Int) -> Self {
        with { $0.defaults.priority = priority }
    }

    /// Names the handlers of the block, where neither they nor a block further inside have a name.
    public func named(_ name: String) -> Self {
        with { $0.defaults.name = name }
    }

    private func with(_ change: (inout BlockSettings) -> Void) -> Self {
        var copy = self
        change(&copy.settings)
        return copy
    }
}
