/// Takes events and runs the handlers that are subscribed to them.
///
/// ```swift
/// let dispatcher = EventDispatcher()
/// let subscription = try dispatcher.subscribe {
///     On(UserCreated.self) {
///         Where(\.role == .admin)
///         Handle("page on-call") { event in try await pager.page(event.name) }
///     }
/// }
/// try await dispatcher.fire(UserCreated(name: "susan", role: .admin))
/// ```
///
/// A dispatcher is safe to use from any thread and task. It retains its handlers, and through them what they capture: a
/// handler that captures its dispatcher keeps it alive until the handler's subscription is cancelled.
public final class EventDispatcher: Sendable {
    /// The dispatcher's name, for logs and errors.
    public let name: String

    let clock: any Clock<Duration>
    let maximumDepth: Int
    let registry = HandlerRegistry()
    let activity: Activity
    let postPolicy: PostPolicy
    let observers = Observers()
    let consumers: EventConsumers
    let pendingStarts: PendingStarts
    let plainPath: PlainPath
    /// Tells which delivery of a durable subscription a fire is, where the dispatcher is one's.
    let delivery: (@Sendable () -> ObservedDelivery?)?
    /// Objects that go with the dispatcher, by their purpose.
    private let companions = Locked<[ObjectIdentifier: any AnyObject & Sendable]>([:])

    /// Makes a dispatcher.
    ///
    /// - Parameters:
    ///   - started: whether events can be fired at once; otherwise a fire throws until ``start()``. Subscribing works
    ///     either way.
    ///   - name: a name for logs and errors.
    ///   - clock: measures time-outs, deadlines and the durations in reports.
    ///   - postPolicy: how many posted events can wait, and what happens to a post when the queue is full.
    ///   - maximumDepth: how deep fires may be nested in each other before one is refused as circular.
    public convenience init(
        started: Bool = true,
        name: String = "",
        clock: any Clock<Duration> = .continuous,
        postPolicy: PostPolicy = .suspend(capacity: 1024),
        maximumDepth: Int = 64
    ) {
        self.init(
            started: started,
            name: name,
            clock: clock,
            postPolicy: postPolicy,
            maximumDepth: maximumDepth,
            delivery: nil
        )
    }

    /// Makes a dispatcher.
    ///
    /// - Parameter delivery: which delivery of a durable subscription the calling task fires; for observers.
    package init(
        started: Bool = true,
        name: String,
        clock: any Clock<Duration>,
        postPolicy: PostPolicy = .suspend(capacity: 1024),
        maximumDepth: Int = 64,
        delivery: (@Sendable () -> ObservedDelivery?)?
    ) {
        self.delivery = delivery
        self.name = name
        self.clock = clock
        self.maximumDepth = maximumDepth
        self.postPolicy = postPolicy
        activity = Activity(isStarted: started, policy: postPolicy, registry: registry)
        consumers = EventConsumers(activity)
        pendingStarts = PendingStarts(activity)
        plainPath = PlainPath(registry, activity, observers)
    }

    /// The registered handlers that can still start, in the order of their registration.
    public var handlers: [HandlerDescription] {
        registry.descriptions
    }

    /// How much memory the tables take in which handlers are filed, in bytes; for measurements.
    package var tableByteCount: Int { registry.tableByteCount }

    /// Whether any handler is registered for a type of event, whatever its filter.
    public func hasHandlers<Event: MatchableEvent>(for event: Event.Type) -> Bool {
        registry.hasHandlers(for: event)
    }

    /// Holds an object until the dispatcher goes, or until it is let go of.
    package func hold(_ companion: any AnyObject & Sendable, for key: ObjectIdentifier) {
        let last = companions.withLock { $0.updateValue(companion, forKey: key) }
        withExtendedLifetime(last) {}
    }

    /// The object of a type that the dispatcher holds, which is made when it's asked for first.
    package func companion<Companion: AnyObject & Sendable>(_ make: @Sendable () -> Companion) -> Companion {
        companions.withLock { companions in
            let key = ObjectIdentifier(Companion.self)
            if let held = companions[key] as? Companion { return held }
            let new = make()
            companions[key] = new
            return new
        }
    }

    /// Lets go of an object that was held.
    package func release(_ key: ObjectIdentifier) {
        let companion = companions.withLock { $0.removeValue(forKey: key) }
        withExtendedLifetime(companion) {}
    }
}
