/// The last event of each value of a key, as ``EventDispatcher/keepLatest(of:per:where:during:capacity:fileID:line:)`` keeps them:
/// settings and states that somebody who comes late has to know.
///
/// ```swift
/// let settings = try dispatcher.keepLatest(of: SettingChanged.self, per: \.name)
/// try await dispatcher.fire(SettingChanged(name: "colour", value: "green"))
/// print(settings[\.name, "colour"]?.value ?? "none")
/// ```
///
/// It is bounded: where there are more values than its capacity, the one whose event was fired least recently is forgotten.
///
/// It keeps events until it is cancelled, or nobody holds it any more. A stop of the dispatcher ends it as little as it ends other
/// subscriptions.
public final class LatestEvents<Event: MatchableEvent>: Sendable {
    let store: LatestStore<Event>
    let notes: LatestNotes<Event>

    init(_ store: LatestStore<Event>, _ notes: LatestNotes<Event>) {
        self.store = store
        self.notes = notes
    }

    deinit { cancel() }

    /// The events that are kept, the one first that was fired least recently.
    public var events: [Event] { store.events }

    /// The event that was fired last; nil before the first.
    public var last: Event? { store.events.last }

    /// How many values were forgotten because there were more than the capacity.
    public var forgotten: Int { store.forgotten }

    /// The last event whose key has a value, among those that are kept; nil without one.
    ///
    /// For the key that events are kept per, it is looked up. For another, each event that is kept is asked.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - value: its value.
    @inlinable
    public subscript<Value: Hashable & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        _ value: Value
    ) -> Event? {
        event(key, value)
    }

    @usableFromInline
    func event<Value: Hashable & Sendable>(
        _ key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        _ value: Value
    ) -> Event? {
        let key = MatchKey(named: key)
        if KeyReader.of(key) === store.key { return withUnsafePointer(to: value) { store.event(ofValue: $0) } }
        return store.events.last { $0[keyPath: key.path] == value }
    }

    /// Keeps nothing more, and lets go of what is kept. A subscription that is just starting with that gets no more of it.
    public func cancel() { notes.cancel() }
}

/// The handler that notes events, and those that take its place.
///
/// With each subscription that starts with what is kept, another handler takes the place of the one that notes, in the same step. So the
/// handler that a fire calls tells whether the fire reaches the handlers of that subscription.
final class LatestNotes<Event: MatchableEvent>: Sendable {
    private let store: LatestStore<Event>
    /// Weak, so that handlers are freed with their dispatcher.
    private weak let registry: HandlerRegistry?
    private let clock: any Clock<Duration>
    private let declaration: @Sendable (HandlerBody) -> SubscriptionDeclaration
    /// Serialises registrations. A thread comes back to it from the `==` or `hash` of a value that is being registered.
    private let lock = ReentryLock()
    /// That of the handler that notes events. A lock of its own, which nothing is called under: to end it must not wait for others.
    private let subscription = Locked<EventSubscription?>(nil)

    /// - Parameter declaration: declares the handler that notes events.
    init(
        into store: LatestStore<Event>,
        at dispatcher: EventDispatcher,
        _ declaration: @escaping @Sendable (HandlerBody) -> SubscriptionDeclaration
    ) {
        self.store = store
        self.declaration = declaration
        registry = dispatcher.registry
        clock = dispatcher.clock
    }

    /// Whether events of a dispatcher are noted.
    func areOf(_ dispatcher: EventDispatcher) -> Bool { registry === dispatcher.registry }

    /// Registers the first handler that notes.
    func begin(in registry: HandlerRegistry, at location: CallSite) throws(DispatchError) {
        let result = lock.withLock { () -> Result<Bool, DispatchError> in
            registration(in: registry, by: 0).map { first in
                subscription.withLock { $0 = first.subscription }
                return registry.register([first])
            }
        }
        try Self.check(result, location)
    }

    /// Registers a subscription that starts with what is kept.
    func register(
        _ plans: [HandlerPlan],
        of subscription: EventSubscription,
        startingWith replay: LatestReplay<Event>,
        in registry: HandlerRegistry,
        at location: CallSite
    ) throws(DispatchError) {
        let following = HandlerRegistry.Registration(plans: plans, subscription: subscription)
        let result = lock.withLock { () -> Result<Bool, DispatchError> in
            let old = self.subscription.withLock { $0 }
            guard let old, let generation = store.begin(replay, of: subscription) else {
                return .success(registry.register([following]))
            }
            return registration(in: registry, by: generation, replacing: old).map { noting in
                guard registry.register([noting, following]) else {
                    store.end(replay)
                    return false
                }
                self.subscription.withLock { $0 = noting.subscription }
                // A cancellation that came before that has found the old one.
                if store.isCancelled { noting.subscription.cancel() }
                return true
            }
        }
        try Self.check(result, location)
    }

    private func registration(
        in registry: HandlerRegistry,
        by generation: Int,
        replacing old: EventSubscription? = nil
    ) -> Result<HandlerRegistry.Registration, DispatchError> {
        let store = store
        let body = InPlaceBody { event in
            store.note(event, by: generation)
            return .nothing
        }
        do throws(DispatchError) {
            let plans = try HandlerPlanner(declaration(.synchronous(body)), on: clock).plans
            let subscription = EventSubscription(id: nil, plans, registrar: registry)
            return .success(HandlerRegistry.Registration(plans: plans, subscription: subscription, replaced: old))
        } catch {
            return .failure(error)
        }
    }

    private static func check(_ result: Result<Bool, DispatchError>?, _ location: CallSite) throws(DispatchError) {
        guard try result?.get() ?? false else { throw .registeringWhileRegistering(at: location) }
    }

    /// Ends the notes. What is kept is let go of first: from then on nothing is replayed, and so no older event comes after one that
    /// nobody notes any more.
    func cancel() {
        store.cancel()
        subscription.withLock { $0 }?.cancel()
    }
}
