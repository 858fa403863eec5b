#if NATS
    import EventDispatchStore

    /// Reads the events of several subjects in the order of the stream.
    ///
    /// A consumer of the server has one subject. So there is a ``StreamCursor`` for each, and what they bring is merged by sequence. It isn't
    /// safe on several threads at a time, and its calls block.
    final class MergedCursor {
        private struct Source {
            let cursor: StreamCursor
            /// Wanted events that were received and not handed on yet.
            var events: ArraySlice<StoredEvent> = []
            /// Whether there was nothing further when it was last asked.
            var isAtEnd = false
            /// Whether the consumer that was asked doesn't know of all messages yet.
            var isBehind = false
        }

        let filters: [String]
        /// The sequence up to which everything has been handed on.
        private(set) var end: Int64
        private let jetStream: JetStream
        private let stream: String
        private let subjects: EventSubjects
        private var sources: [Source] = []

        /// Begins to read after a sequence.
        init(
            _ stream: String,
            _ filters: [String],
            after position: Int64,
            _ jetStream: JetStream,
            _ subjects: EventSubjects
        ) throws(EventStoreError) {
            (self.stream, self.filters, end) = (stream, filters, position)
            (self.jetStream, self.subjects) = (jetStream, subjects)
            for filter in filters {
                sources.append(Source(cursor: try StreamCursor(stream, filter, after: position, jetStream)))
            }
        }

        /// Reads the next wanted events.
        ///
        /// - Parameters:
        ///   - limit: how many at most.
        ///   - last: the last sequence of the stream, as it was before the call.
        ///   - interest: the wanted events.
        /// - Throws: ``EventStoreError``. The cursor can't be used any more then.
        func read(
            _ limit: Int,
            upTo last: Int64,
            _ interest: EventInterest
        ) throws(EventStoreError) -> EventBatch {
            var events: [StoredEvent] = []
            for index in sources.indices { (sources[index].isAtEnd, sources[index].isBehind) = (false, false) }
            while true {
                try fetch(limit, interest)
                let bound =
                    sources.map { $0.isAtEnd ? max(last, $0.cursor.position) : $0.cursor.position }.min() ?? last
                let isFull = hand(on: &events, limit, upTo: bound)
                // Those that have events left were stored after the caller looked at the stream, or there is no room for them.
                let mayHaveMore = sources.contains { $0.events.isEmpty && !$0.isAtEnd && !$0.isBehind }
                guard isFull || !mayHaveMore else { continue }
                end = isFull ? events[events.count - 1].sequence : max(end, bound)
                let isEnd = sources.allSatisfy { $0.isAtEnd && $0.events.isEmpty }
                return EventBatch(events: events, upTo: end, isEnd: isEnd)
            }
        }

        /// Lets all sources that have nothing left ask for more, at once.
        private func fetch(_ limit: Int, _ interest: EventInterest) throws(EventStoreError) {
            let empty = sources.indices.filter { sources[$0].events.isEmpty && !sources[$0].isAtEnd }
            for index in empty { try sources[index].cursor.ask(for: limit) }
            for index in empty {
                let cursor = sources[index].cursor
                var received: [StoredEvent] = []
                var isAtEnd = try cursor.receive { message, place in
                    let event = StoredEvent(message, at: place.sequence, place.time, subjects)
                    if interest.includes(event) { received.append(event) }
                }
                if isAtEnd {
                    // The consumer is told of new messages a moment after the stream has them, on the same server too.
                    isAtEnd = !(try jetStream.hasMessage(cursor.filter, from: cursor.position + 1, in: stream))
                    sources[index].isBehind = !isAtEnd
                }
                sources[index].isAtEnd = isAtEnd
                sources[index].events = received[...]
            }
        }

        /// Hands on what has been received up to a sequence, in order; returns whether there are as many as wanted.
        private func hand(on events: inout [StoredEvent], _ limit: Int, upTo bound: Int64) -> Bool {
            while events.count < limit {
                let next = sources.indices.filter { !sources[$0].events.isEmpty }.min {
                    sources[$0].events[sources[$0].events.startIndex].sequence
                        < sources[$1].events[sources[$1].events.startIndex].sequence
                }
                guard let next, let event = sources[next].events.first, event.sequence <= bound else { return false }
                events.append(sources[next].events.removeFirst())
            }
            return true
        }
    }
#endif
