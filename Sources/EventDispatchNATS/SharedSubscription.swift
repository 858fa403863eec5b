#if NATS
    import EventDispatch
    import EventDispatchStore
    import Foundation

    /// A subscription that this process shares with others.
    final class SharedSubscription: SharedDeliveries {
        private let name: String
        private let sharing: SubscriptionSharing
        private let interest: EventInterest
        private let events: SharedConsumer
        private let letters: SharedConsumer
        private let thread: StoreThread
        /// Whether there may be letters that are to be delivered again.
        private let mayHaveLetters = Locked(true)
        /// The letters that were taken: the sequence of each, by that of its event.
        private let takenLetters = Locked<[Int64: Int64]>([:])

        /// The events whose last attempt is being noted, and as what.
        private let marking = Locked<[Int64: String]>([:])
        /// The events whose last attempt has begun here.
        private let marked = Locked<Set<Int64>>([])
        private let isClosed = Locked(false)
        /// What is to be done when it's closed.
        private let closed = Locked<(@Sendable () -> Void)?>(nil)

        init(_ name: String, _ sharing: SubscriptionSharing, _ interest: EventInterest) throws(EventStoreError) {
            (self.name, self.sharing, self.interest) = (name, sharing, interest)
            events = try sharing.events(name)
            letters = try sharing.returned(name)
            thread = StoreThread("NATS.sharing.\(name)")
        }

        /// Says what is to be done when it's closed.
        func whenClosed(_ body: @escaping @Sendable () -> Void) { closed.withLock { $0 = body } }

        /// Looks for letters that are to be delivered again with the next events.
        func expectLetters() { mayHaveLetters.withLock { $0 = true } }

        func take(_ limit: Int) async throws(EventStoreError) -> [SharedEvent] {
            if mayHaveLetters.withLock({ $0 }) {
                let waiting = try await thread.perform { [sharing, name] () throws(EventStoreError) in
                    try sharing.openLetters(name)
                }
                // One may have come already that an earlier call asked for, and that counts as taken.
                let taken = waiting > 0 ? try await letters.take(1, waiting: .milliseconds(100)) : []
                if !taken.isEmpty { return taken.map(begin) }
                mayHaveLetters.withLock { $0 = false }
            }
            let taken = try await events.take(limit, waiting: .seconds(1))
            do throws(EventStoreError) {
                return try await wanted(of: taken)
            } catch {
                // Nobody else knows of them: they would be held as long as the process lives.
                for message in taken { events.giveBack(message.sequence, after: .zero) }
                throw error
            }
        }

        private func wanted(of taken: [SharedConsumer.Taken]) async throws(EventStoreError) -> [SharedEvent] {
            var (wanted, others): ([SharedEvent], EventInterest?) = ([], nil)
            for message in taken {
                if interest.includes(message.event) {
                    wanted.append(SharedEvent(event: message.event, attempt: message.attempt))
                    continue
                }
                if others == nil { others = try await interestOfAll() }
                if others?.includes(message.event) == true {
                    wanted.append(try await unknown(message))
                } else {
                    events.acknowledge(message.sequence)
                }
            }
            return wanted
        }

        private func begin(_ message: SharedConsumer.Taken) -> SharedEvent {
            let sequence = message.event.sequence
            takenLetters.withLock { $0[sequence] = message.sequence }
            return SharedEvent(event: message.event, attempt: message.attempt)
        }

        /// The events that any process takes that shares the subscription.
        private func interestOfAll() async throws(EventStoreError) -> EventInterest {
            try await thread.perform { [sharing, name] () throws(EventStoreError) in
                try sharing.records.load(name)?.record.interest ?? EventInterest()
            }
        }

        /// An event that no block of this process is for: others may have one, or an earlier program had.
        private func unknown(_ message: SharedConsumer.Taken) async throws(EventStoreError) -> SharedEvent {
            let areOthers = try await thread.perform { [sharing, name] () throws(EventStoreError) in
                try sharing.claims.areOthersSharing(name)
            }
            return SharedEvent(event: message.event, attempt: message.attempt, isForOthers: areOthers)
        }

        func acknowledge(_ sequence: Int64) {
            unmark(sequence)
            // It may be taken as both: who had buried it ended before the server knew, and the letter was returned.
            events.acknowledge(sequence)
            guard let letter = takenLetters.withLock({ $0.removeValue(forKey: sequence) }) else { return }
            letters.acknowledge(letter)
            thread.run { [sharing] in try? sharing.letters.removeReturned(at: letter) }
        }

        func beginLastAttempt(_ sequence: Int64) async throws(EventStoreError) -> Bool {
            let attempt = marking.withLock { marking in
                let attempt = marking[sequence] ?? UUID().uuidString
                marking[sequence] = attempt
                return attempt
            }
            let isFirst = try await thread.perform { [sharing, name] () throws(EventStoreError) in
                try sharing.letters.markLastAttempt(sequence, of: name, as: attempt)
            }
            _ = marking.withLock { $0.removeValue(forKey: sequence) }
            if isFirst { marked.withLock { _ = $0.insert(sequence) } }
            return isFirst
        }

        /// Forgets that the last attempt of an event has begun.
        private func unmark(_ sequence: Int64) {
            guard marked.withLock({ $0.remove(sequence) }) != nil else { return }
            thread.run { [sharing, name] in try? sharing.letters.unmarkLastAttempt(sequence, of: name) }
        }

        func giveBack(_ sequence: Int64, after pause: Duration) {
            events.giveBack(sequence, after: pause)
            guard let letter = takenLetters.withLock({ $0.removeValue(forKey: sequence) }) else { return }
            letters.giveBack(letter, after: pause)
        }

        func bury(_ letter: DeadLetter) async throws(EventStoreError) {
            _ = try await thread.perform { [sharing, name] () throws(EventStoreError) in
                try sharing.letters.put(letter, of: name)
            }
            marked.withLock { _ = $0.insert(letter.sequence) }
            acknowledge(letter.sequence)
        }

        func progress() async throws(EventStoreError) -> SharedProgress {
            try await thread.perform { [sharing, name] () throws(EventStoreError) in
                try sharing.progress(name, default: 0)
            }
        }

        /// Tells the server that this process lives, and that what it has taken is in work. It returns at once.
        func renew() {
            events.extendLeases()
            letters.extendLeases()
            thread.run { [self] in
                // After it has been closed it would seem to live on.
                if !isClosed.withLock({ $0 }) { try? sharing.claims.announce(name) }
            }
        }

        func close() async {
            await events.close()
            await letters.close()
            isClosed.withLock { $0 = true }
            try? await thread.perform { [sharing, name] () throws(EventStoreError) in sharing.claims.withdraw(name) }
            closed.withLock { $0 }?()
        }
    }
#endif
