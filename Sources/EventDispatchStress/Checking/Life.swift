import Synchronization

/// Counts the objects of a kind that are alive, by being a part of them.
struct Life: ~Copyable, Sendable {
    enum Kind: String, CaseIterable {
        case event, owner, handler, observer

        /// How many are alive.
        var alive: Int { add(0) }

        @discardableResult
        fileprivate func add(_ count: Int) -> Int {
            switch self {
            case .event: liveEvents.add(count, ordering: .relaxed).newValue
            case .owner: liveOwners.add(count, ordering: .relaxed).newValue
            case .handler: liveHandlers.add(count, ordering: .relaxed).newValue
            case .observer: liveObservers.add(count, ordering: .relaxed).newValue
            }
        }
    }

    private let kind: Kind

    init(of kind: Kind) {
        self.kind = kind
        kind.add(1)
    }

    deinit { kind.add(-1) }
}

private let liveEvents = Atomic(0)
private let liveOwners = Atomic(0)
private let liveHandlers = Atomic(0)
private let liveObservers = Atomic(0)
