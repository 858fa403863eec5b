#if NATS
    import EventDispatchStore
    import Foundation

    /// Who delivers each subscription: messages of a stream that go after a while, unless they are written again.
    ///
    /// One process has a subscription that is delivered in order: its *claim* is on `stream.subscription`, and is written on condition that
    /// there is none. Processes that share one each say so on `stream.subscription.process`.
    struct SubscriptionClaims: Sendable {
        let stream: String
        let jetStream: JetStream
        /// Who claims: this store, and no other in this process or elsewhere.
        let owner: String

        /// How the stream has to be.
        ///
        /// - Parameters:
        ///   - lifetime: after which time a claim goes.
        ///   - replicas: how many servers keep it.
        func plan(lifetime: Duration, replicas: Int) -> StreamPlan {
            StreamPlan(
                name: stream,
                subjects: ["\(stream).>"],
                lifetime: lifetime,
                mostPerSubject: 1,
                replicas: replicas
            )
        }

        private func subject(_ name: String) -> String { "\(stream).\(EventSubjects.token(name))" }

        /// Writes a claim, unless somebody else has one.
        ///
        /// - Parameters:
        ///   - name: the subscription's name.
        ///   - last: the sequence of the claim that is renewed; nil for a new one.
        /// - Returns: the sequence; nil when somebody else has a claim.
        func claim(_ name: String, renewing last: Int64? = nil) throws(EventStoreError) -> Int64? {
            let message = try NATSMessage(to: subject(name), headers: [], data: Data(owner.utf8))
            if let claim = try jetStream.put(message, in: stream, expecting: last.map { .last($0) } ?? .nothing) {
                return claim
            }
            // It may be our own, of which the answer was lost, or be gone by now.
            guard let found = try jetStream.last(on: subject(name), of: stream) else {
                return try jetStream.put(message, in: stream, expecting: .nothing)
            }
            return String(decoding: found.data, as: UTF8.self) == owner ? found.sequence : nil
        }

        /// Gives a claim up.
        func release(_ claim: Int64) {
            // One that isn't deleted goes by itself.
            try? jetStream.delete(claim, of: stream)
        }

        /// Says that this process shares a subscription.
        func announce(_ name: String) throws(EventStoreError) {
            let message = try NATSMessage(to: "\(subject(name)).\(owner)", headers: [], data: Data(owner.utf8))
            _ = try jetStream.put(message, in: stream)
        }

        /// Says that this process doesn't share a subscription any more.
        func withdraw(_ name: String) { try? jetStream.purge(stream, subject: "\(subject(name)).\(owner)") }

        /// Whether another process shares a subscription.
        func areOthersSharing(_ name: String) throws(EventStoreError) -> Bool {
            let own = "\(subject(name)).\(owner)"
            return try jetStream.state(of: stream, listing: "\(subject(name)).*").subjects.contains { $0 != own }
        }

        /// Whether nobody delivers a subscription.
        func isFree(_ name: String) throws(EventStoreError) -> Bool {
            if try jetStream.last(on: subject(name), of: stream) != nil { return false }
            return try !areOthersSharing(name)
        }
    }
#endif
