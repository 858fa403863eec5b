/// What is said of the runs of a handler, beside its limits and its time-out: as it was declared.
struct ModifierDeclarations: Sendable {
    var detached: Detached?
    var debounce: Debounce?
    var concurrency: [Concurrency] = []
    var retry: Retry?
    /// Whether a handler that departs from its fires may do so for an event; nil for one that always may. Asked inside its scope.
    var mayDepart: (@Sendable (EventReference) -> Bool)?

    /// Whether a fire doesn't wait for the handler.
    var departs: Bool { detached != nil || debounce != nil }

    struct Detached: Sendable {
        /// How many can run at a time; nil for any number.
        let atMost: Int?
        let location: CallSite
    }

    struct Debounce: Sendable {
        let quiet: Duration
        let key: EventKeyMaker?
        let capacity: Int
        let location: CallSite
    }

    struct Concurrency: Sendable {
        let count: Int
        let key: EventKeyMaker?
        let location: CallSite
    }

    struct Retry: Sendable {
        let policy: RetryPolicy
        let location: CallSite
    }
}

/// What is said of the runs of a handler, beside its limits and its time-out: as registration has checked it. The handlers of an
/// `OnAny` share it, for all types of events.
struct PlannedModifiers: Sendable {
    /// Nil for a handler whose runs a fire waits for.
    var departure: Departure?
    /// Whether it may depart for an event; nil where it always may. Asked inside its scope.
    var mayDepart: (@Sendable (EventReference) -> Bool)?
    /// All of which a run needs a slot of, in this order.
    var slots: [PlannedSlots] = []
    var retry: RetryPolicy?
    /// Whether the handler has departed with a slot.
    private(set) var hasRoom = false

    /// How a handler departs from the fire.
    enum Departure: Sendable {
        /// It runs in a task of its own; with slots, as soon as it has one.
        case detached(RunSlots?)
        case debounced(Debouncer, wrapped: (@Sendable (EventReference) -> EventCopy)?)

        /// The slots, of which it needs one before it departs.
        var room: RunSlots? {
            if case .detached(let room) = self { room } else { nil }
        }

        /// How many values of a key were forgotten; nil where nothing is kept per key.
        var forgottenKeys: Int? {
            if case .debounced(let debouncer, _) = self { debouncer.forgottenKeys } else { nil }
        }

        /// What stands for the closure until the handler has departed, and is never called: it runs in place, unless the fire may have
        /// to wait for a slot.
        var body: HandlerBody {
            room == nil ? .synchronous(InPlaceBody { _ in .nothing }) : .asynchronous { _, _ in .nothing }
        }
    }

    var isEmpty: Bool { departure == nil && slots.isEmpty && retry == nil && !hasRoom }

    /// The same, for events that have to be wrapped first.
    func wrapping(_ wrapped: @escaping @Sendable (EventReference) -> EventCopy) -> PlannedModifiers {
        var copy = self
        copy.slots = slots.map { $0.wrapping(wrapped) }
        if case .debounced(let debouncer, _)? = departure, debouncer.readsEvent {
            copy.departure = .debounced(debouncer, wrapped: wrapped)
        }
        return copy
    }

    /// What is left to be said of a run that has departed.
    var ofDepartedRun: PlannedModifiers {
        var copy = self
        copy.departure = nil
        copy.hasRoom = departure?.room != nil
        return copy
    }
}

extension ModifierDeclarations {
    /// The modifiers of a handler, or what is wrong with them.
    func planned(
        for handler: HandlerDeclaration,
        in phase: PhaseInfo,
        _ options: PhaseOptions,
        on clock: any Clock<Duration>
    ) throws(DispatchError) -> PlannedModifiers {
        let isAwaited = handler.body.isAsynchronous || departs
        var planned = PlannedModifiers()
        planned.mayDepart = mayDepart
        if let detached {
            if let defect = detached.defect(in: phase, options) { throw refusal(handler, defect, detached.location) }
            planned.departure = .detached(detached.atMost.map { RunSlots($0) })
        }
        if let debounce {
            let defect = debounce.defect(in: phase, options, isDetachedAtMost: detached?.atMost != nil)
            if let defect { throw refusal(handler, defect, debounce.location) }
            planned.departure = .debounced(debounce.debouncer(on: clock), wrapped: nil)
        }
        for concurrency in concurrency {
            if let defect = concurrency.defect(isAwaited: isAwaited) {
                throw refusal(handler, defect, concurrency.location)
            }
            planned.slots.append(PlannedSlots(RunSlots(concurrency.count, per: concurrency.key?.make())))
        }
        if let retry {
            if let defect = retry.defect(isAwaited: isAwaited) { throw refusal(handler, defect, retry.location) }
            planned.retry = retry.policy
        }
        return planned
    }

    private func refusal(_ handler: HandlerDeclaration, _ defect: String, _ location: CallSite) -> DispatchError {
        DispatchError(code: .invalidModifier, message: "\(handler.label) \(defect)", location: location)
    }
}

extension ModifierDeclarations.Detached {
    fileprivate func defect(in phase: PhaseInfo, _ options: PhaseOptions) -> String? {
        if let atMost, atMost < 1 { return "is detached at most \(atMost) times; the least is 1" }
        return ModifierDeclarations.defectOfDeparting("detached", in: phase, options)
    }
}

extension ModifierDeclarations.Debounce {
    fileprivate func defect(in phase: PhaseInfo, _ options: PhaseOptions, isDetachedAtMost: Bool) -> String? {
        if quiet <= .zero { return "has a debounce of \(quiet); it has to be positive" }
        if capacity < 1 { return "has a capacity of \(capacity) for its debounce; the least is 1" }
        if isDetachedAtMost {
            return
                "is debounced and detached at most so many times, but no fire waits for a debounced handler; use `.concurrency`"
        }
        return ModifierDeclarations.defectOfDeparting("debounced", in: phase, options)
    }

    fileprivate func debouncer(on clock: any Clock<Duration>) -> Debouncer {
        Debouncer(quiet, on: clock, per: key?.make(), capacity: capacity)
    }
}

extension ModifierDeclarations {
    fileprivate static func defectOfDeparting(_ word: String, in phase: PhaseInfo, _ options: PhaseOptions) -> String? {
        if phase.isGate {
            return "is \(word), but stands in a gate, which would let everything through before it has ended"
        }
        if options.contains(.failFast) {
            return "is \(word), but stands in a `.failFast` block, which would be over before it has failed"
        }
        return nil
    }
}

extension ModifierDeclarations.Concurrency {
    fileprivate func defect(isAwaited: Bool) -> String? {
        if count < 1 { return "has a concurrency of \(count); the least is 1" }
        return isAwaited ? nil : "has a concurrency, but is synchronous and can't wait for its turn"
    }
}

extension ModifierDeclarations.Retry {
    fileprivate func defect(isAwaited: Bool) -> String? {
        if let defect = policy.defect { return "has a retry that \(defect)" }
        return isAwaited || !policy.pauses ? nil : "is retried after pauses, but is synchronous and can't wait for them"
    }
}
