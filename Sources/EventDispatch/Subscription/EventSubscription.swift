import Synchronization

/// What `subscribe` returns: the way to cancel what it registered.
///
/// A subscription lives until it is cancelled, until its handlers are used up, or until its dispatcher goes; letting go
/// of this object cancels nothing. To tie it to a lifetime, put it into ``EventSubscriptions``.
public final class EventSubscription: Sendable {
    /// The name by which it can be found and cancelled, if it was given one.
    public let id: String?
    /// Not 0 while no handler must start: 1 for a cancellation, and 2 for each muting.
    private let halts = Atomic<Int32>(0)
    /// How many handlers were removed because their owners are gone.
    private let ownersGone = Atomic<UInt32>(0)
    /// How many handlers were declared.
    let declaredHandlers: Int
    /// Whether any of them has an owner.
    private let hasOwners: Bool
    private let handlersLeft: Atomic<Int>
    weak let registrar: (any SubscriptionRegistrar)?
    /// Its handlers. Touched under the registrar's lock only.
    nonisolated(unsafe) var handlers = HandlerChain(.subscription)
    /// How many of its handlers are running, those of fires in place excepted.
    let running = Atomic(0)
    let isAwaited = Atomic(false)
    let runWaiters = Locked<[RunWaiter]>([])

    init(id: String?, _ plans: [HandlerPlan], registrar: any SubscriptionRegistrar) {
        self.id = id
        declaredHandlers = plans.count
        hasOwners = plans.contains { $0.handler.owner != nil }
        handlersLeft = Atomic(plans.count)
        self.registrar = registrar
    }

    /// Ends the subscription: none of its handlers starts any more, not even in fires that are under way. A handler that
    /// has started goes on to its end.
    ///
    /// May be called from anywhere, from its own handlers too, and more than once.
    public func cancel() {
        beginCancel()
        registrar?.remove(self)
    }

    /// Keeps the handlers from starting, for good.
    func beginCancel() { halts.bitwiseOr(1, ordering: .sequentiallyConsistent) }

    /// Whether one of its handlers can still start: it is not cancelled, not all of its handlers are used up or have lost their
    /// owners, and its dispatcher exists.
    public var isActive: Bool {
        guard !isCancelled, hasHandlersLeft, let registrar else { return false }
        return !hasOwners || registrar.canStart(self)
    }

    var isCancelled: Bool { halts.load(ordering: .sequentiallyConsistent) & 1 != 0 }

    /// Whether it is cancelled or muted.
    @inline(__always)
    var isHalted: Bool { halts.load(ordering: .sequentiallyConsistent) != 0 }

    /// Whether it is muted.
    var isMuted: Bool { halts.load(ordering: .sequentiallyConsistent) > 1 }

    /// Mutes the handlers, or ends a muting.
    func mute(_ change: MuteChange) {
        halts.add(change.rawValue, ordering: .sequentiallyConsistent)
        registrar?.noteMuting(of: self, change)
    }

    /// Whether not all of its handlers were removed.
    var hasHandlersLeft: Bool { handlersLeft.load(ordering: .acquiring) > 0 }

    /// Notes that a handler of the subscription was removed because it can't start any more.
    func handlerEnded(byOwner: Bool) {
        if byOwner { ownersGone.add(1, ordering: .relaxed) }
        handlersLeft.subtract(1, ordering: .acquiringAndReleasing)
    }

    /// How many handlers were removed, and how many of them because their owners are gone.
    var endedHandlers: (all: Int, byOwner: Int) {
        let left = handlersLeft.load(ordering: .acquiring)
        return (declaredHandlers - left, Int(ownersGone.load(ordering: .relaxed)))
    }
}

extension EventSubscription: Hashable {
    /// Whether both are the same subscription.
    public static func == (left: EventSubscription, right: EventSubscription) -> Bool { left === right }

    /// Hashes the subscription's identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Where subscriptions are registered.
protocol SubscriptionRegistrar: AnyObject, Sendable {
    /// Forgets the handlers of a cancelled subscription.
    func remove(_ subscription: EventSubscription)

    /// Whether nothing has ended all handlers of a subscription for good.
    func canStart(_ subscription: EventSubscription) -> Bool

    /// Notes that a subscription was muted, or that a muting has ended.
    func noteMuting(of subscription: EventSubscription, _ change: MuteChange)

    /// Waits until the fires that run their handlers in place now are over.
    func waitForFiresInPlace() async
}
