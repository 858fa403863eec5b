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

    let state: DispatcherState
    let clock: any Clock<Duration>

    /// Makes a dispatcher.
    ///
    /// - Parameters:
    ///   - started: whether events can be fired at once; otherwise a fire throws until ``start()``. Subscribing works
    ///     either way.
    ///   - name: a name for logs and errors.
    ///   - clock: measures the durations in reports.
    public init(started: Bool = true, name: String = "", clock: any Clock<Duration> = .continuous) {
        self.name = name
        self.clock = clock
        state = DispatcherState(isStarted: started)
    }

    /// Lets events be fired from now on.
    public func start() { state.setStarted(true) }

    /// Refuses events from now on: a fire throws until ``start()``. Fires under way go on to their end.
    public func stop() { state.setStarted(false) }

    /// What is registered, in the order of registration: every handler that can still start.
    public var subscriptions: [SubscriptionDescription] {
        state.tables.flatMap(\.descriptions).sorted { $0.registration < $1.registration }.map(\.description)
    }

    /// Whether any handler is registered for a type of event, whatever its filter.
    public func hasHandlers<Event: MatchableEvent>(for event: Event.Type) -> Bool {
        state.table(for: event)?.hasStartableHandlers ?? false
    }
}
