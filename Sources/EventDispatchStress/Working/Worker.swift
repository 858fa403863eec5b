import EventDispatch
import Foundation
import ProgramSupport

/// One of those who use a dispatcher at the same time: what it has subscribed, and what it has done.
struct Worker {
    /// How many subscriptions of its own it has at most.
    private static let mostOwn = 8
    /// How many IDs all workers share.
    static let ids = 8

    let number: Int
    let dispatcher: EventDispatcher
    let standing: StandingHandlers
    let modified: ModifiedHandlers
    let findings: Findings
    var random: SplitMix64
    var counts = OperationCounts()
    private var own: [OwnSubscription] = []

    init(_ number: Int, in round: Round) {
        self.number = number
        dispatcher = round.dispatcher
        standing = round.standing
        modified = round.modified
        findings = round.findings
        random = SplitMix64(seed: round.seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// Does one thing that does not suspend.
    mutating func step() {
        switch random.next(below: 10_000) {
        case ..<300: fireNested()
        case ..<600: subscribe()
        case ..<850: cancel()
        case ..<920: subscribeID()
        case ..<950: cancelID()
        case ..<1_050: mute()
        case ..<1_250: post()
        case ..<1_450: observe()
        case ..<1_460: explain()
        case ..<1_462: list()
        default: fire()
        }
    }

    static func name(ofID number: Int) -> String { "shared \(number)" }

    /// Cancels what is left.
    mutating func end() {
        while !own.isEmpty { cancel() }
    }

    mutating func tick(number: Int? = nil, isPosted: Bool = false) -> Tick {
        Tick(worker: self.number, number: number ?? random.next(below: Tick.numbers), isPosted: isPosted)
    }

    // MARK: Firing

    private mutating func fire() { fire(tick(), reaching: certain) }

    /// Fires a tick, and checks who saw it. Returns whether the dispatcher took it.
    @discardableResult
    mutating func fire(_ tick: Tick, reaching expected: Int) -> Bool {
        do {
            try dispatcher.fireSynchronously(tick)
        } catch {
            noteRefusal(error)
            return false
        }
        counts.note(.fire)
        check(tick, reaching: expected)
        return true
    }

    /// How many handlers of its own each tick has to reach.
    var certain: Int { own.count(where: \.isCertain) }

    /// Checks a tick that was fired.
    func check(_ tick: Tick, reaching expected: Int) {
        standing.check(tick)
        let seen = tick.seen.ofOwn
        findings.expect(seen == expected, "\(seen) of a worker's \(expected) handlers saw its tick")
    }

    /// Notes that a fire or a post was refused, which is right only while the dispatcher is stopped.
    mutating func noteRefusal(_ error: any Error, as operation: Operation = .fireRefused) {
        counts.note(operation)
        findings.expect((error as? DispatchError)?.code == .stopped, "refused: \(error)")
    }

    private mutating func fireNested() {
        let content = tick()
        do {
            try dispatcher.fireSynchronously(Wrapped(content: content, isAwaited: false))
        } catch {
            return noteRefusal(error)
        }
        counts.note(.fire)
        counts.note(.nestedFire)
    }

    // MARK: Subscribing

    private mutating func subscribe() {
        guard own.count < Self.mostOwn else { return cancel() }
        attempt(.subscribe) { worker throws(DispatchError) in
            worker.own.append(
                try OwnSubscription(of: worker.number, to: worker.dispatcher, worker.findings, &worker.random)
            )
        }
    }

    private mutating func cancel() {
        guard var removed = removeOwn() else { return }
        guard removed.owner == nil else { return loseOwner(of: &removed) }
        removed.subscription.cancel()
        counts.note(.cancel)
    }

    /// Lets an owner die, with which its handler ends. Fires that look whether it lives may keep it a moment longer.
    private mutating func loseOwner(of removed: inout OwnSubscription) {
        weak let owner = removed.owner
        removed.owner = nil
        while owner != nil { sched_yield() }
        counts.note(.loseOwner)
    }

    /// Takes one of its subscriptions out of the list, to be cancelled.
    mutating func removeOwn() -> OwnSubscription? {
        own.isEmpty ? nil : own.remove(at: random.next(below: own.count))
    }

    private mutating func subscribeID() {
        attempt(.subscribeID) { worker throws(DispatchError) in
            let id = worker.random.next(below: Self.ids)
            let probe = Probe(worker.findings)
            _ = try worker.dispatcher.subscribe(id: Self.name(ofID: id)) {
                On(Tick.self) {
                    Where(\.number, in: 20..<24)
                    Handle { tick in probe.run { tick.seen.note(id: id) } }
                }
            }
        }
    }

    private mutating func cancelID() {
        dispatcher.cancel(id: Self.name(ofID: random.next(below: Self.ids)))
        counts.note(.cancelID)
    }

    private mutating func mute() {
        guard let muted = own.first(where: \.isCertain) else { return }
        muted.subscription.muted { _ = fire(tick(), reaching: certain - 1) }
        counts.note(.mute)
    }

    /// Does what can't fail, and notes it.
    private mutating func attempt(_ operation: Operation, _ body: (inout Worker) throws(DispatchError) -> Void) {
        do throws(DispatchError) { try body(&self) } catch { findings.note("\(operation): \(error)") }
        counts.note(operation)
    }

    // MARK: The rest

    private mutating func post() {
        do throws(DispatchError) {
            counts.note(try dispatcher.postNow(tick(isPosted: true)) ? .post : .postRefused)
        } catch {
            noteRefusal(error, as: .postRefused)
        }
    }

    private mutating func observe() {
        let witness = Witness()
        let observation = dispatcher.observe(with: witness)
        let wasFired = fire(tick(), reaching: certain)
        observation.cancel()
        findings.expect(!wasFired || witness.hasSeenAFire, "an observer was not told of a fire")
        counts.note(.observe)
    }

    private mutating func explain() {
        let explanation = dispatcher.explain(tick())
        findings.expect(explanation.matched.count >= certain, "an explanation lacks handlers")
        counts.note(.explain)
    }

    private mutating func list() {
        let listed = dispatcher.handlers.count
        findings.expect(listed >= certain, "\(listed) handlers are listed, \(certain) are a worker's own")
        counts.note(.list)
    }
}
