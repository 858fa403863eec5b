#if NATS
    import EventDispatchStore

    /// Keeps what the subscriptions have done that this process has for itself, and says who delivers each.
    ///
    /// A process that has lost its claim without knowing it can't save any more: the one that has it now has written the record.
    actor SubscriptionKeeper {
        private struct Held {
            var stored: SubscriptionRecords.Stored
            /// The sequence of the claim's message.
            var claim: Int64
        }

        private let thread = StoreThread("NATS.keeper")
        private let records: SubscriptionRecords
        private let claims: SubscriptionClaims
        private let letters: DeadLetters
        private let sharing: SubscriptionSharing
        private var held: [String: Held] = [:]

        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        init(
            _ records: SubscriptionRecords,
            _ claims: SubscriptionClaims,
            _ letters: DeadLetters,
            _ sharing: SubscriptionSharing
        ) {
            (self.records, self.claims, self.letters, self.sharing) = (records, claims, letters, sharing)
        }

        /// Claims a subscription, and makes it when it is new.
        ///
        /// - Returns: what is known of it; nil while another process has it.
        func open(
            _ name: String,
            from start: @Sendable () async throws(EventStoreError) -> Int64
        ) async throws(EventStoreError) -> SubscriptionRecord? {
            guard let claim = try claims.claim(name) else { return nil }
            do throws(EventStoreError) {
                // Read after the claim: until then another process may have written.
                var found = try records.load(name)
                if found == nil { found = .init(record: SubscriptionRecord(position: try await start())) }
                guard var stored = found else { return nil }
                let wasShared = stored.isShared
                if wasShared { stored = try sharing.end(stored, name) }
                stored.record.returned = try letters.returned(of: name).map(\.event)
                try write(&stored, name)
                // Not before: another process may have begun to share it again, and then the record isn't written.
                if wasShared { try sharing.removeConsumers(name) }
                held[name] = Held(stored: stored, claim: claim)
                return stored.record
            } catch {
                claims.release(claim)
                throw error
            }
        }

        /// Gives a claim up.
        func close(_ name: String) {
            if let claim = held.removeValue(forKey: name)?.claim { claims.release(claim) }
        }

        /// Writes all claims again, so that they don't go, without waiting for a thread of the concurrency pool.
        nonisolated func renewClaimsSoon() {
            thread.run { [self] in assumeIsolated { $0.renewClaims() } }
        }

        private func renewClaims() {
            for (name, subscription) in held {
                if let claim = try? claims.claim(name, renewing: subscription.claim) { held[name]?.claim = claim }
            }
        }

        /// Who delivers a subscription that this process doesn't share.
        func deliverer(of name: String) throws(EventStoreError) -> Deliverer {
            if held[name] != nil { return .here }
            return try claims.isFree(name) ? .nobody : .elsewhere
        }

        /// The names of all subscriptions, sorted.
        func names() throws(EventStoreError) -> [String] { try records.names() }

        /// What is known of a subscription.
        func record(of name: String) throws(EventStoreError) -> SubscriptionRecord? {
            guard var record = try known(name)?.record else { return nil }
            record.returned = try letters.returned(of: name).map(\.event)
            held[name]?.stored.record.returned = record.returned
            return record
        }

        private func known(_ name: String) throws(EventStoreError) -> SubscriptionRecords.Stored? {
            if let subscription = held[name] { return subscription.stored }
            return try records.load(name).map { stored throws(EventStoreError) in
                try stored.isShared ? sharing.withPosition(stored, name) : stored
            }
        }

        /// The positions of all subscriptions.
        func positions() throws(EventStoreError) -> [Int64] {
            var positions: [Int64] = []
            for name in try names() { if let record = try known(name)?.record { positions.append(record.position) } }
            return positions
        }

        /// Forgets a subscription.
        func forget(_ name: String) throws(EventStoreError) {
            try sharing.removeConsumers(name)
            try letters.removeAll(of: name)
            try records.remove(name)
        }
    }

    // Saving.

    extension SubscriptionKeeper {
        /// Saves what has become of events of a subscription.
        ///
        /// Letters are stored before the record that is done with their events, and removed after it: whatever ends in between, an event is
        /// in one of both places, and is at worst delivered again.
        func save(_ changes: [SubscriptionChange], of name: String) throws(EventStoreError) {
            guard var stored = try known(name) else { return }
            let returned = Set(stored.record.returned.map(\.sequence))
            var isWritten = false
            // The returned letters that were delivered, with the message by which each is a letter again.
            var delivered: [Int64: Int64?] = [:]
            for change in changes {
                stored.record.apply(change)
                switch change {
                case .attempted, .interested:
                    isWritten = true
                case .done(_, let sequences):
                    isWritten = true
                    for sequence in sequences where returned.contains(sequence) { delivered[sequence] = .some(nil) }
                case .buried(let letter):
                    isWritten = true
                    let put = try letters.put(letter, of: name)
                    if returned.contains(letter.sequence) { delivered[letter.sequence] = put }
                case .returned(let sequence):
                    try letters.markReturned(sequence, of: name)
                case .discarded(let sequence):
                    try letters.remove(sequence, of: name)
                }
            }
            if isWritten {
                try write(&stored, name)
                held[name]?.stored = stored
            }
            for (sequence, end) in delivered { try letters.removeReturned(sequence, of: name, before: end) }
        }

        private func write(_ stored: inout SubscriptionRecords.Stored, _ name: String) throws(EventStoreError) {
            guard try !records.write(&stored, name) else { return }
            throw EventStoreError(.leaseLost, "another process has '\(name)': this one didn't renew its claim in time")
        }
    }
#endif
