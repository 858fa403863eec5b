import EventDispatch

/// Who has opened which subscription of a store in this process, or waits for it.
///
/// `Hold` is by what the store has a subscription for this process, such as a lock of the system. A claim without one waits.
package final class StoreClaims<Hold: Sendable>: Sendable {
    private struct Claim: Sendable {
        let id: ClaimID
        let notify: @Sendable (StoreNotice) -> Void
        var hold: Hold?
    }

    private let claims = Locked<[String: Claim]>([:])

    package init() {}

    /// Notes that somebody wants a subscription. The same one may want it again.
    ///
    /// - Throws: ``EventStoreError``, with the code `.alreadySubscribed` when somebody else of this store does.
    package func begin(
        _ name: String,
        as id: ClaimID,
        notify: @escaping @Sendable (StoreNotice) -> Void
    ) throws(EventStoreError) {
        let isFree = claims.withLock { claims in
            guard claims[name]?.id ?? id == id else { return false }
            claims[name] = Claim(id: id, notify: notify)
            return true
        }
        guard isFree else { throw EventStoreError(.alreadySubscribed, "'\(name)' is delivered already") }
    }

    /// Notes that the store has a subscription for whoever wanted it; false when that has been given up meanwhile.
    package func hold(_ name: String, as id: ClaimID, by hold: Hold) -> Bool {
        claims.withLock { claims in
            guard claims[name]?.id == id else { return false }
            claims[name]?.hold = hold
            return true
        }
    }

    /// Gives a claim up; returns what the store has to let go.
    package func end(_ name: String, as id: ClaimID) -> Hold? {
        claims.withLock { claims in claims[name]?.id == id ? claims.removeValue(forKey: name) : nil }?.hold
    }

    /// By what the store has a subscription for this process; nil when it hasn't.
    package func hold(of name: String) -> Hold? { claims.withLock { $0[name]?.hold } }

    /// Whether nobody wants any subscription.
    package var isEmpty: Bool { claims.withLock(\.isEmpty) }

    /// By what the store has subscriptions for this process.
    package var holds: [Hold] { claims.withLock { $0.values.compactMap(\.hold) } }

    /// Tells somebody.
    package func notify(_ notice: StoreNotice, of name: String) { claims.withLock { $0[name]?.notify }?(notice) }

    /// Tells those whose subscriptions a condition names; they are nil for those who wait.
    package func notify(_ notice: StoreNotice, where isTold: (Hold?) -> Bool) {
        let claims = claims.withLock { Array($0.values) }
        for claim in claims where isTold(claim.hold) { claim.notify(notice) }
    }
}
