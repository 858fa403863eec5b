#if NATS
    import EventDispatchStore
    import Foundation

    /// Reads events for subscriptions, and remembers where each has stopped, so that the next batch costs no new consumer.
    actor EventReader {
        /// How many places are remembered.
        private static let mostCursors = 64

        private let thread: StoreThread
        private let jetStream: JetStream
        private let stream: String
        private let subjects: EventSubjects
        /// The one that was used last stands last.
        private var cursors: [MergedCursor] = []

        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        init(_ name: String, _ jetStream: JetStream, _ stream: String, _ subjects: EventSubjects) {
            thread = StoreThread("NATS.\(name)")
            (self.jetStream, self.stream, self.subjects) = (jetStream, stream, subjects)
        }

        /// Reads wanted events after a sequence.
        func read(
            after sequence: Int64,
            limit: Int,
            _ interest: EventInterest
        ) throws(EventStoreError) -> EventBatch {
            let last = try jetStream.state(of: stream).last
            guard last > sequence else { return EventBatch(events: [], upTo: sequence, isEnd: true) }
            guard !interest.isEmpty else { return EventBatch(events: [], upTo: last, isEnd: true) }
            let cursor = try takeCursor(for: subjects.filters(for: interest), after: sequence)
            let batch = try cursor.read(limit, upTo: last, interest)
            cursors.append(cursor)
            if cursors.count > Self.mostCursors { cursors.removeFirst() }
            return batch
        }

        private func takeCursor(
            for filters: [String],
            after sequence: Int64
        ) throws(EventStoreError) -> MergedCursor {
            let index = cursors.lastIndex { $0.filters == filters && $0.end == sequence }
            if let index { return cursors.remove(at: index) }
            return try MergedCursor(stream, filters, after: sequence, jetStream, subjects)
        }

        /// Opens a subscription that processes share.
        func open(
            _ name: String,
            from start: StartingPoint,
            _ interest: EventInterest,
            _ sharing: SubscriptionSharing
        ) throws(EventStoreError) -> SharedSubscription {
            try sharing.open(
                name,
                from: { () throws(EventStoreError) in try position(of: start) },
                interest
            )
        }

        /// How many wanted events stand after a sequence, and when the first of them was published.
        func backlog(
            after sequence: Int64,
            _ interest: EventInterest
        ) throws(EventStoreError) -> (count: Int, oldest: StoreTime?) {
            guard !interest.isEmpty, try jetStream.state(of: stream).last > sequence else { return (0, nil) }
            var (count, oldest) = (0, StoreTime?.none)
            for filter in subjects.filters(for: interest) {
                let cursor = try StreamCursor(stream, filter, after: sequence, onlyHeaders: true, jetStream)
                // One subject has no others than the wanted ones: the server has counted them.
                let isCounted = !filter.contains("*") && !filter.contains(">")
                if isCounted { count += Int(cursor.pending) }
                var isEnd = cursor.pending == 0
                while !isEnd {
                    isEnd = try cursor.read(isCounted ? 1 : 1000) { message, place in
                        let event = StoredEvent(message, at: place.sequence, place.time, subjects)
                        guard interest.includes(event) else { return }
                        if !isCounted { count += 1 }
                        oldest = min(oldest ?? event.time, event.time)
                    }
                    isEnd = isEnd || isCounted
                }
            }
            return (count, oldest)
        }

        /// The events of some sequences, as far as they are stored.
        func events(at sequences: [Int64]) throws(EventStoreError) -> [StoredEvent] {
            var events: [StoredEvent] = []
            for sequence in sequences { if let event = try event(at: sequence) { events.append(event) } }
            return events
        }

        private func event(at sequence: Int64) throws(EventStoreError) -> StoredEvent? {
            guard sequence > 0, let message = try jetStream.message(sequence, of: stream) else { return nil }
            return StoredEvent(message, at: sequence, message.time, subjects)
        }

        /// The position of a subscription that begins somewhere.
        func position(of start: StartingPoint) throws(EventStoreError) -> Int64 {
            switch start {
            case .now: return try jetStream.state(of: stream).last
            case .beginning: return 0
            case .sequence(let sequence): return max(0, sequence - 1)
            case .time(let time):
                let state = try jetStream.state(of: stream)
                var (low, high) = (state.first, state.last + 1)
                // The first event of that time or later is at `low` or after it, and at `high` or before it.
                while low < high {
                    var middle = low + (high - low) / 2
                    let half = middle
                    var found: StoredEvent?
                    while found == nil, middle < high {
                        found = try event(at: middle)
                        if found == nil { middle += 1 }
                    }
                    if let found, found.time < time { low = middle + 1 } else { high = half }
                }
                return max(0, low - 1)
            }
        }
    }
#endif
