import Synchronization

/// The events with which the handlers of a subscription are to start.
///
/// All is done under the lock of the ``LatestStore``, but for what is said otherwise.
final class LatestReplay<Event: MatchableEvent>: @unchecked Sendable {
    // Sound: constants, an atomic, and what is only touched under the lock of the store.

    typealias Kept = LatestStore<Event>.Kept

    /// An event to call handlers with.
    struct Claim: Sendable {
        let event: Event
        /// Handlers that had a live event instead.
        let leftOut: Set<ObjectIdentifier>
    }

    /// A live event that a handler could not be called with.
    struct HandedOver: Sendable {
        let event: Event
        let handler: RegisteredHandler
    }

    /// The value that is being replayed.
    private struct Current {
        let value: KeptValue
        /// The event that handlers are to be called with, until its fire has begun.
        var event: Event?
        /// The fire in which handlers are called.
        var fire: ObjectIdentifier?
        var handedOver: [HandedOver] = []
    }

    private(set) var generation = 0
    private weak var subscription: EventSubscription?
    private var rest = FIFOQueue<Kept>()
    /// The numbers of events that are not claimed yet.
    private var pending: Set<Int> = []
    /// The handlers that had a live event instead of one of these, by its number.
    private var leftOut: [Int: Set<ObjectIdentifier>] = [:]
    private var current: Current?
    /// Whether there is anything to ask the store for; read without the lock.
    ///
    /// It is set before a fire can reach the handlers, and again under the lock under which an event is put into the replay. So who
    /// reads that there is nothing asks for an event that was noted before that one.
    private let isActive = Atomic(true)

    /// Whether its handlers can't start any more.
    ///
    /// Not what the dispatcher would say, whose lock may be held by a thread that waits for that of the store.
    var isOver: Bool { subscription.map { $0.isOver || !$0.hasHandlersLeft } ?? true }

    /// Whether a handler is one of those that start with the events. Needs no lock.
    func isFor(_ handler: RegisteredHandler) -> Bool { !handler.isExpansion && handler.subscription === subscription }

    func begin(of subscription: EventSubscription, generation: Int, _ kept: [Kept]) {
        self.subscription = subscription
        self.generation = generation
        rest = FIFOQueue(kept)
        pending = Set(kept.map(\.number))
    }

    /// Adds an event that does not reach the handlers live. Returns whether the replay was over, and has to begin anew.
    func add(_ kept: Kept) -> Bool {
        rest.append(kept)
        pending.insert(kept.number)
        return !isActive.exchange(true, ordering: .sequentiallyConsistent)
    }

    /// Takes out the next event. Without one the replay is over.
    func popFirst() -> Kept? {
        let next = rest.popFirst()
        if next == nil { isActive.store(false, ordering: .sequentiallyConsistent) }
        return next
    }

    /// Begins to replay the value of an event, unless there's a later one.
    func claim(_ kept: Kept, if isLast: Bool, _ value: @autoclosure () -> KeptValue) -> Claim? {
        pending.remove(kept.number)
        let leftOut = leftOut.removeValue(forKey: kept.number) ?? []
        guard isLast else { return nil }
        current = Current(value: value(), event: kept.event)
        return Claim(event: kept.event, leftOut: leftOut)
    }

    /// Whether a value is being replayed.
    func isReplaying(_ value: KeyValue) -> Bool { current.map { $0.value.equals(value) } ?? false }

    /// Whether a fire is that in which handlers are called, or nested in it: then the call comes after that of the kept event anyway.
    func isInsideReplay(_ fire: Fire) -> Bool {
        current?.fire == ObjectIdentifier(fire) || fire.liveParent.map { isInsideReplay($0.fire) } ?? false
    }

    /// Forgets what was handed over for a handler that gets a later event.
    func dropHandedOver(to handler: RegisteredHandler, before fire: Fire) -> Event? {
        guard current?.fire != ObjectIdentifier(fire),
            let index = current?.handedOver.firstIndex(where: { $0.handler === handler })
        else { return nil }
        return current?.handedOver.remove(at: index).event
    }

    func begin(_ fire: Fire) -> Event? {
        defer {
            current?.fire = ObjectIdentifier(fire)
            current?.event = nil
        }
        return current?.event
    }

    /// Leaves a handler out that gets a live event, if the event that is kept is still to be replayed.
    func leaveOut(_ handler: RegisteredHandler, of kept: Kept) {
        if pending.contains(kept.number) { leftOut[kept.number, default: []].insert(ObjectIdentifier(handler)) }
    }

    /// Takes over a live event of the value that is being replayed. Returns one that gives way to it.
    func handOver(_ event: Event, to handler: RegisteredHandler) -> Event? {
        let new = HandedOver(event: event, handler: handler)
        guard let index = current?.handedOver.firstIndex(where: { $0.handler === handler }) else {
            current?.handedOver.append(new)
            return nil
        }
        defer { current?.handedOver[index] = new }
        return current?.handedOver[index].event
    }

    /// Takes out the next call of the value that is being replayed. Without one that is over, and the value let go of by the caller.
    func popHandedOver() -> (next: HandedOver?, value: KeptValue?) {
        guard let next = current?.handedOver.first else {
            defer { current = nil }
            return (nil, current?.value)
        }
        current?.handedOver.removeFirst()
        current?.event = next.event
        current?.fire = nil
        return (next, nil)
    }

    /// Takes out all that is not claimed.
    func removeAll() -> [Event] {
        pending = []
        leftOut = [:]
        return rest.removeAll().map(\.event)
    }

    /// Ends the replay before it is over. Returns what handlers were not called with, and the value that was being replayed.
    func end() -> (rest: [Event], value: KeptValue?) {
        let current = current.map { ($0.event.map { [$0] } ?? []) + $0.handedOver.map(\.event) } ?? []
        let rest = current + removeAll()
        defer { self.current = nil }
        isActive.store(false, ordering: .sequentiallyConsistent)
        return (rest, self.current?.value)
    }

    // MARK: The handlers; without the lock

    /// Lets a handler ask before each call; one that departs from its fires, before it does.
    func guarding(_ handler: inout HandlerDeclaration, in store: LatestStore<Event>) {
        let admits: @Sendable (EventReference) -> Bool = { event in self.admits(event, store) }
        guard !handler.modifiers.departs else { return handler.modifiers.mayDepart = admits }
        switch handler.body {
        case .synchronous(let body): handler.body = .synchronous(guarding(body, admits))
        case .isolated(let actor, let inPlace, let afterHop):
            handler.body = .isolated(actor, inPlace: guarding(inPlace, admits), afterHop: guarding(afterHop, admits))
        case .asynchronous(let body): handler.body = .asynchronous(guarding(body, admits))
        case .onActor(let body): handler.body = .onActor(guarding(body, admits))
        }
    }

    private func guarding(
        _ body: InPlaceBody,
        _ admits: @escaping @Sendable (EventReference) -> Bool
    ) -> InPlaceBody {
        InPlaceBody { event in admits(event) ? try body(event) : .refused(.replaying) }
    }

    private func guarding(
        _ body: @escaping HandlerBody.Asynchronous,
        _ admits: @escaping @Sendable (EventReference) -> Bool
    ) -> HandlerBody.Asynchronous {
        { event, permit in admits(event) ? try await body(event, permit) : .refused(.replaying) }
    }

    private func admits(_ event: EventReference, _ store: LatestStore<Event>) -> Bool {
        guard isActive.load(ordering: .sequentiallyConsistent) else { return true }
        guard let scope = RunScope.current, let handler = scope.handler else { return true }
        return store.admit(event, handler, in: scope.fire, self)
    }
}
