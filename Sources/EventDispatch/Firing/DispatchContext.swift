/// Where the calling code is: in which handler's phase, of which event, fired by which dispatcher.
///
/// A handler reaches its dispatcher through ``current`` without capturing it, and so without a cycle of references:
///
/// ```swift
/// Handle { event in
///     try await DispatchContext.current?.dispatcher.fire(UserGreeted(name: event.name))
/// }
/// ```
public struct DispatchContext: Sendable {
    private let scope: HandlerScope

    /// The context of the handler that is running, of the operation that an event is fired around, or of the
    /// ``DispatchObserver`` that is told of a fire; nil outside any.
    ///
    /// It follows a handler across its suspensions and into its child tasks, and ends with it: a task that the handler leaves
    /// behind has none.
    public static var current: DispatchContext? { HandlerScope.current.map { DispatchContext(scope: $0) } }

    /// The dispatcher that runs the handler.
    public var dispatcher: EventDispatcher { scope.fire.dispatcher }

    /// The names of the events that are being fired inside each other, from the outermost to the handler's own.
    public var path: [String] { scope.fire.path }

    /// The phase that the handler runs in; empty in an operation and in an observer.
    public var phase: String { scope.handler?.phase.name ?? "" }

    /// Ends this fire: its handlers that have not started yet are skipped, with `.fireStopped` as reason. Those that run go
    /// on, and so do the fires that this one is nested in.
    public func stop() { scope.fire.stop() }
}
