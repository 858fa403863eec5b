import EventDispatch

/// What a user's code does with the dispatcher from a place where it might run under a lock.
enum Intrusion: CaseIterable, Sendable {
    case fire, subscribe, cancel, list, observe, post

    /// Does it, and notes that it came to its end.
    func happen(to dispatcher: EventDispatcher, _ journal: Journal) {
        do {
            switch self {
            case .fire: try dispatcher.fireSynchronously(Intruded())
            case .subscribe: try dispatcher.on(Intruded.self) { _ in }.cancel()
            case .cancel:
                let bystander = try dispatcher.on(Intruded.self) { _ in }
                bystander.cancel()
                dispatcher.cancelAll(ownedBy: bystander)
            case .list: _ = dispatcher.handlers
            case .observe: dispatcher.observe(with: JournalObserver(journal: Journal())).cancel()
            case .post: _ = try dispatcher.postNow(Intruded())
            }
            journal.note("\(self)")
        } catch {
            journal.note("\(error)")
        }
    }
}

struct Intruded: MatchableEvent {}

/// Uses the dispatcher when it is freed.
final class LastWord: Sendable {
    private let intrusion: Intrusion
    private let dispatcher: EventDispatcher
    private let journal: Journal

    init(_ intrusion: Intrusion, _ dispatcher: EventDispatcher, _ journal: Journal) {
        self.intrusion = intrusion
        self.dispatcher = dispatcher
        self.journal = journal
    }

    func listen() {}

    deinit { intrusion.happen(to: dispatcher, journal) }
}
