// What stands in a store, whoever delivers it: for programs that look after one, beside those that publish and handle.

extension EventStore {
    /// The events that a subscription has given up, in their order.
    ///
    /// - Parameter name: the subscription's name.
    /// - Throws: ``EventStoreError``.
    public func deadLetters(of name: String) async throws(EventStoreError) -> [DeadLetter] {
        try await deadLetters(of: name, after: 0, limit: .max)
    }

    /// Delivers a dead letter again, with all attempts before it: at once where the subscription is delivered, in whichever process, and
    /// otherwise when it's opened.
    ///
    /// - Parameters:
    ///   - sequence: the event's place in the store.
    ///   - name: the subscription's name.
    /// - Throws: ``EventStoreError``, with the code `.noDeadLetter` when there is none.
    public func redeliver(_ sequence: Int64, of name: String) async throws(EventStoreError) {
        try await checkLetter(sequence, of: name)
        try await save([.returned(sequence)], of: name)
    }

    /// Throws a dead letter away.
    ///
    /// - Parameters:
    ///   - sequence: the event's place in the store.
    ///   - name: the subscription's name.
    /// - Throws: ``EventStoreError``, with the code `.noDeadLetter` when there is none.
    public func discard(_ sequence: Int64, of name: String) async throws(EventStoreError) {
        try await checkLetter(sequence, of: name)
        try await save([.discarded(sequence)], of: name)
    }

    private func checkLetter(_ sequence: Int64, of name: String) async throws(EventStoreError) {
        // Before it could be less than any number.
        let letter = sequence > 0 ? try await deadLetters(of: name, after: sequence - 1, limit: 1).first : nil
        guard letter?.sequence == sequence else {
            throw EventStoreError(.noDeadLetter, "'\(name)' has no dead letter \(sequence)")
        }
    }

    /// How far a subscription is, as far as the store knows. Deliveries in flight are those that have begun and not ended, or whose process
    /// ended in them.
    ///
    /// - Parameter name: the subscription's name.
    /// - Throws: ``EventStoreError``, with the code `.noSubscription` when there is none of the name.
    public func status(of name: String) async throws(EventStoreError) -> DurableSubscription.Status {
        guard let record = try await record(of: name) else {
            throw EventStoreError(.noSubscription, "there is no subscription '\(name)'")
        }
        let interest = record.interest ?? EventInterest()
        let behind = try await backlog(after: record.position, interest)
        // Those that were done or begun for blocks that there are no more aren't counted among the others either.
        let begun = record.done.union(record.attempts.keys.filter { $0 > record.position }).sorted()
        let begunBehind = try await events(at: begun).count(where: interest.includes)
        let returned = record.returned.count { record.attempts[$0.sequence] == nil }
        let retrying = record.attempts.filter { $0.value.retryAt != nil }
        let oldest = (record.returned.map(\.time) + [behind.oldest].compactMap { $0 }).min()
        return DurableSubscription.Status(
            waiting: max(0, behind.count - begunBehind) + returned,
            inFlight: record.attempts.count - retrying.count,
            retrying: retrying.map { .init(sequence: $0.key, attempts: $0.value) }.sorted { $0.sequence < $1.sequence },
            dead: try await deadLetterCount(of: name),
            position: record.position,
            lag: oldest.map { max(.zero, clock.now - $0) } ?? .zero,
            fault: nil,
            deliverer: try await deliverer(of: name)
        )
    }
}
