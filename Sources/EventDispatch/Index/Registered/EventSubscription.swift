import Synchronization

/// The handlers that one `subscribe` registered, to cancel or mute them.
///
/// A subscription lives until it is cancelled, until its handlers are used up, or until its dispatcher goes; letting go
/// of this object cancels nothing. To tie it to a lifetime, put it into a ``SubscriptionBag``, with ``store(in:)``.
public final class EventSubscription: Sendable {
    // There may be a million of them, most with one handler and nothing else: what few have is apart.

    private let halts = HaltFlags()
    private let declared: Int32
    private let handlersLeft: Atomic<Int32>
    /// How many of its handlers are running, those of fires in place excepted.
    private let runCount = Atomic<Int32>(0)
    /// The version from which on there are handlers under its ID: its own, or that of the first in a row of subscriptions that
    /// replaced each other. Written under the registrar's lock, before a fire can see a handler.
    nonisolated(unsafe) var firstVersion: UInt64 = .max
    private let name: SubscriptionName?
    private let home: RegistrarReference
    private let happenings = AtomicLazyReference<SubscriptionHappenings>()
    /// Its handlers. Touched under the registrar's lock only.
    nonisolated(unsafe) var handlers = HandlerChain(.subscription)
    private let hasWaiters = Atomic(false)
    /// Whether its handlers take events for somebody else, as those of sequences do, and never reply.
    let onlyWatches: Bool
    /// Whether any of them has an owner.
    private let hasOwners: Bool

    init(id: String?, _ plans: [HandlerPlan], group: UInt64 = 0, registrar: any SubscriptionRegistrar) {
        name = SubscriptionName(id: id, group: group)
        declared = Int32(plans.count)
        onlyWatches = plans.allSatisfy(\.handler.onlyWatches)
        hasOwners = plans.contains { $0.handler.owner != nil }
        handlersLeft = Atomic(Int32(plans.count))
        home = registrar.reference
    }

    /// The name by which it can be found and cancelled, if it was given one.
    public var id: String? { name?.id }

    /// The number of the signal that it belongs to; 0 for most.
    var group: UInt64 { name?.group ?? 0 }

    /// How many handlers were declared.
    var declaredHandlers: Int { Int(declared) }

    var registrar: (any SubscriptionRegistrar)? { home.registrar }

    /// What has happened to it, to be changed.
    private var changedHappenings: SubscriptionHappenings {
        happenings.load() ?? happenings.storeIfNil(SubscriptionHappenings())
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
    func beginCancel() { halts.cancel() }

    /// Leaves events to another subscription from a version on. Fires that see an older one go on with this one's handlers.
    func beReplaced(at version: UInt64) {
        changedHappenings.replacement.store(version, ordering: .sequentiallyConsistent)
        halts.replace()
    }

    /// Whether one of its handlers can still start: it is not cancelled, no other has taken its ID, not all of its handlers are used
    /// up or have lost their owners, and its dispatcher exists.
    public var isActive: Bool {
        guard !isOver, hasHandlersLeft, let registrar else { return false }
        return !hasOwners || registrar.canStart(self)
    }

    /// Whether it has ended for good: it was cancelled, or replaced.
    var isOver: Bool { halts.isOver }

    /// Whether it was cancelled, so that none of its handlers starts any more.
    var isCancelled: Bool { halts.isCancelled }

    /// Whether it is cancelled or muted.
    @inline(__always)
    var isHalted: Bool { halts.isHalted }

    /// Whether fires match its handlers, whatever their version.
    @inline(__always)
    var isUnhindered: Bool { halts.isEmpty }

    /// Whether fires that see a version match its handlers.
    func isOpen(at version: UInt64) -> Bool {
        !isHalted && version < happenings.load()?.replacement.load(ordering: .sequentiallyConsistent) ?? .max
    }

    /// Whether it is muted.
    var isMuted: Bool { halts.isMuted }

    /// Mutes the handlers, or ends a muting.
    func mute(_ change: MuteChange) {
        halts.mute(change)
        registrar?.noteMuting(of: self, change)
    }

    /// Whether not all of its handlers were removed.
    var hasHandlersLeft: Bool { handlersLeft.load(ordering: .acquiring) > 0 }

    /// Notes that a handler of the subscription was removed because it can't start any more.
    func handlerEnded(_ end: HandlerEnd) {
        switch end {
        case .ownerGone: changedHappenings.ownersGone.add(1, ordering: .relaxed)
        case .cancelled: break
        case .usedUp: changedHappenings.usedUp.add(1, ordering: .relaxed)
        }
        handlersLeft.subtract(1, ordering: .acquiringAndReleasing)
    }

    /// How many handlers were removed, and why.
    var endedHandlers: EndedHandlers {
        let left = Int(handlersLeft.load(ordering: .acquiring))
        let happenings = happenings.load()
        let ownerGone = happenings?.ownersGone.load(ordering: .relaxed) ?? 0
        let usedUp = happenings?.usedUp.load(ordering: .relaxed) ?? 0
        return EndedHandlers(
            ownerGone: ownerGone,
            cancelled: declaredHandlers - left - ownerGone - usedUp,
            usedUp: usedUp
        )
    }
}

/// The ID and the signal of a subscription, which most don't have.
private final class SubscriptionName: Sendable {
    let id: String?
    let group: UInt64

    /// Nil for neither.
    init?(id: String?, group: UInt64) {
        guard id != nil || group != 0 else { return nil }
        self.id = id
        self.group = group
    }
}

/// What has happened to a subscription, and to most never does.
private final class SubscriptionHappenings: Sendable {
    /// The version from which on another subscription has this one's ID.
    let replacement = Atomic<UInt64>(.max)
    /// How many handlers were removed because their owners are gone, and how many because their limits are used up.
    let ownersGone = Atomic(0)
    let usedUp = Atomic(0)
    let runWaits = Locked(RunWaits())
}

/// Why a handler has ended for good.
enum HandlerEnd: Sendable {
    /// Its subscription was cancelled, or all that its owner has.
    case cancelled
    case ownerGone
    /// Its limit is used up.
    case usedUp
}

/// How many handlers of a subscription were removed, by the reason.
struct EndedHandlers {
    let ownerGone: Int
    let cancelled: Int
    let usedUp: Int
}

extension EventSubscription: Hashable {
    /// Whether both are the same subscription.
    public static func == (left: EventSubscription, right: EventSubscription) -> Bool { left === right }

    /// Hashes the subscription's identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Where subscriptions are registered.
protocol SubscriptionRegistrar: AnyObject, Sendable {
    /// A weak reference to it, the only one, which all subscriptions share.
    var reference: RegistrarReference { get }

    /// Forgets the handlers of a cancelled subscription.
    func remove(_ subscription: EventSubscription)

    /// Whether nothing has ended all handlers of a subscription for good.
    func canStart(_ subscription: EventSubscription) -> Bool

    /// Notes that a subscription was muted, or that a muting has ended.
    func noteMuting(of subscription: EventSubscription, _ change: MuteChange)

    /// Waits until the fires that run their handlers in place now are over.
    func waitForFiresInPlace() async
}

/// Where subscriptions are registered, as long as that exists.
final class RegistrarReference: @unchecked Sendable {
    // Sound: set once, while the registrar is made and nobody else has it.
    private weak var object: (any SubscriptionRegistrar)?

    var registrar: (any SubscriptionRegistrar)? { object }

    /// Notes the registrar, which is being made.
    func refer(to registrar: any SubscriptionRegistrar) { object = registrar }
}

extension EventSubscription {
    /// Keeps the subscription's handlers from starting while a closure runs.
    ///
    /// ```swift
    /// try subscription.muted { try dispatcher.fireSynchronously(ImportBegun()) }
    /// ```
    ///
    /// For an event that is fired meanwhile, by whatever task, they aren't a match, and it uses up none of their limits. One that
    /// had matched before is skipped, with `.muted` as reason; one that had started goes on. Other subscriptions are not concerned.
    ///
    /// Mutings nest and may overlap: handlers start again when the last has ended. It ends also when the closure throws.
    ///
    /// - Returns: what the closure returns.
    /// - Throws: what the closure throws.
    @discardableResult
    public func muted<Result>(_ body: () throws -> Result) rethrows -> Result {
        mute(.begin)
        defer { mute(.end) }
        return try body()
    }

    /// Keeps the subscription's handlers from starting while an asynchronous closure runs, on the caller's actor.
    ///
    /// - Returns: what the closure returns.
    /// - Throws: what the closure throws.
    @discardableResult
    @_disfavoredOverload
    public nonisolated(nonsending) func muted<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async rethrows -> Result {
        mute(.begin)
        defer { mute(.end) }
        return try await body()
    }
}

// Which handlers of a subscription are running, and who waits for their end.

extension EventSubscription {
    @inline(__always)
    func runBegan() { runCount.wrappingAdd(1, ordering: .sequentiallyConsistent) }

    @inline(__always)
    func runEnded() {
        runCount.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        if hasWaiters.load(ordering: .sequentiallyConsistent) { resumeWaiters() }
    }

    /// Notes that runs of its handlers wait until they are noted to wait no more.
    func beginWaits(of runs: [any HandlerRunning]) {
        guard !runs.isEmpty else { return }
        changedHappenings.runWaits.withLock { $0.waiting += runs }
        resumeWaiters()
    }

    /// Notes that runs of its handlers wait no more.
    func endWaits(of runs: [any HandlerRunning]) {
        guard !runs.isEmpty else { return }
        changedHappenings.runWaits.withLock { waits in
            for run in runs {
                if let index = waits.waiting.firstIndex(where: { $0 === run }) { waits.waiting.remove(at: index) }
            }
        }
    }

    /// Waits until no run is left; from inside a run that waits itself, until none is left but those that wait.
    ///
    /// - Parameter own: the runs that wait for this call, of this or of another subscription.
    func waitUntilNoneRuns(insideOf own: [any HandlerRunning]) async {
        await withCheckedContinuation { continuation in
            changedHappenings.runWaits.withLock { $0.waiters.append(RunWaiter(own: own, continuation: continuation)) }
            hasWaiters.store(true, ordering: .sequentiallyConsistent)
            resumeWaiters()
        }
    }

    /// Resumes those that have nothing to wait for. Handlers that wait for each other's end count as ended.
    private func resumeWaiters() {
        let ready = changedHappenings.runWaits.withLock { waits in
            let runCount = Int(runCount.load(ordering: .sequentiallyConsistent))
            let waitingRuns = Set(waits.waiting.filter(\.isLive).map { ObjectIdentifier($0) }).count
            let isReady = { (waiter: RunWaiter) in runCount <= (waiter.own.contains(where: \.isLive) ? waitingRuns : 0)
            }
            let ready = waits.waiters.filter(isReady)
            waits.waiters.removeAll(where: isReady)
            hasWaiters.store(!waits.waiters.isEmpty, ordering: .sequentiallyConsistent)
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }
}

/// Who waits for the end of a subscription's runs, and which of the runs wait themselves.
struct RunWaits: Sendable {
    var waiters: [RunWaiter] = []
    /// Runs that wait, for this subscription or for several that it is one of, and so can't be waited for by others that do.
    var waiting: [any HandlerRunning] = []
}

/// A task that waits until no handler of a subscription is running.
struct RunWaiter: Sendable {
    /// Runs that wait for this waiter.
    let own: [any HandlerRunning]
    let continuation: CheckedContinuation<Void, Never>
}

/// A run of a handler.
protocol HandlerRunning: AnyObject, Sendable {
    /// Whether the handler is running.
    var isLive: Bool { get }
}

/// Cancelled, replaced and muted in one number: a fire that finds 0 need not ask further.
struct HaltFlags: ~Copyable, Sendable {
    private static let cancelled: Int32 = 1
    private static let replaced: Int32 = 2
    private static let muting: Int32 = 4

    private let flags = Atomic<Int32>(0)

    @inline(__always)
    private var now: Int32 { flags.load(ordering: .sequentiallyConsistent) }

    /// Whether nothing at all is noted.
    @inline(__always)
    var isEmpty: Bool { now == 0 }

    /// Whether the handlers must not start, whoever matched them when: they are cancelled or muted.
    @inline(__always)
    var isHalted: Bool { now & ~Self.replaced != 0 }

    var isCancelled: Bool { now & Self.cancelled != 0 }

    /// Whether it is over for good: cancelled, or replaced.
    var isOver: Bool { now & (Self.cancelled | Self.replaced) != 0 }

    var isMuted: Bool { now >= Self.muting }

    func cancel() { flags.bitwiseOr(Self.cancelled, ordering: .sequentiallyConsistent) }

    func replace() { flags.bitwiseOr(Self.replaced, ordering: .sequentiallyConsistent) }

    /// Notes that a muting begins or ends. Mutings nest, so they are counted.
    func mute(_ change: MuteChange) {
        flags.add(change == .begin ? Self.muting : -Self.muting, ordering: .sequentiallyConsistent)
    }
}
