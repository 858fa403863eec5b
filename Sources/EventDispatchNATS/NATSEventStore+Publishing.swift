#if NATS
    import EventDispatch
    import EventDispatchStore
    import Foundation

    extension NATSEventStore {
        /// Stores events in their order, and returns when the server has acknowledged all of them.
        ///
        /// A stream has no transactions: when an event of several is refused, those before it may be stored. Those after it aren't, each
        /// being stored only right behind the one before it. So what somebody else publishes in between costs another round.
        public func append(_ events: [StoredEvent]) async throws(EventStoreError) -> [Int64] {
            var sequences: [Int64] = []
            var atOnce = events.count
            while sequences.count < events.count {
                let before = sequences.count
                for result in await publish(events[before...].prefix(atOnce)) {
                    switch result {
                    case .success(let sequence):
                        sequences.append(sequence)
                        continue
                    case .failure(let error):
                        let isFirst = sequences.count == before
                        guard error.code == .interleaved, !isFirst else {
                            throw await explain(error, sequences.count, events)
                        }
                    }
                    break
                }
                atOnce = 2 * (sequences.count - before)
            }
            notify(.appended)
            return sequences
        }

        /// Publishes events without waiting in between, each on condition that it comes right behind the one before it.
        private func publish(_ events: ArraySlice<StoredEvent>) async -> [Result<Int64, EventStoreError>] {
            await withCheckedContinuation { continuation in
                let gathering = Locked(Gathering(events.count, continuation))
                publishing.run { [connection, stream, subjects] in
                    var previous: String?
                    for (index, event) in events.enumerated() {
                        let done: @Sendable (Result<Int64, EventStoreError>) -> Void = { result in
                            gathering.withLock { $0.take(result, at: index) }?()
                        }
                        do throws(EventStoreError) {
                            let id = event.id.headerValue
                            let message = try event.message(to: subjects.subject(of: event), and: [("Nats-Msg-Id", id)])
                            connection.publish(message, in: stream, behind: previous, done)
                            previous = id
                        } catch {
                            done(.failure(error))
                            previous = event.id.headerValue
                        }
                    }
                    // Fewer are better gathered with those of other tasks.
                    if events.count >= 32 { connection.flush() }
                }
            }
        }

        /// The results of what is published together.
        private struct Gathering: Sendable {
            private var results: [Result<Int64, EventStoreError>?]
            private var missing: Int
            private let continuation: CheckedContinuation<[Result<Int64, EventStoreError>], Never>

            init(_ count: Int, _ continuation: CheckedContinuation<[Result<Int64, EventStoreError>], Never>) {
                (results, missing, self.continuation) = (Array(repeating: nil, count: count), count, continuation)
            }

            /// Takes a result in; returns what is to be done when it was the last.
            mutating func take(
                _ result: Result<Int64, EventStoreError>,
                at index: Int
            ) -> (@Sendable () -> Void)? {
                results[index] = result
                missing -= 1
                guard missing == 0 else { return nil }
                return { [continuation, results] in continuation.resume(returning: results.compactMap { $0 }) }
            }
        }

        /// The error of an event that wasn't stored, with what the server says of the stream.
        private func explain(
            _ error: EventStoreError,
            _ index: Int,
            _ events: [StoredEvent]
        ) async -> EventStoreError {
            let which = events.count == 1 ? "" : ", event \(index + 1) of \(events.count)"
            var error = error
            // Nobody answers for a subject whose stream is gone.
            do throws(EventStoreError) {
                if error.isTransient, connection.state == .connected {
                    _ = try await inspecting.perform { [jetStream, stream] () throws(EventStoreError) in
                        try jetStream.state(of: stream)
                    }
                }
            } catch {
                if error.code == .streamGone { return error }
            }
            error = EventStoreError(
                error.code,
                "\(error.message): '\(events[index].name)' with the ID '\(events[index].id)'\(which)",
                isTransient: error.isTransient
            )
            return error
        }
    }
#endif
