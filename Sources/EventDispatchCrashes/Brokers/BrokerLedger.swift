#if SQLite && NATS
    import EventDispatchNATS
    import EventDispatchStore

    /// What processes have told that have ended, and what has to be true of it.
    struct BrokerLedger {
        private var lines: [Line] = []

        mutating func takeIn(_ lines: [Line]) { self.lines += lines }

        /// How many events have been acknowledged, by those that run, too.
        func published(in children: [ChildProcess]) -> Int {
            (lines + children.flatMap(\.lines)).count { $0.verb == .published }
        }

        /// How many deliveries of each subscription have ended well.
        func handled(in children: [ChildProcess]) -> [Int] {
            let ends = (lines + children.flatMap(\.lines)).filter { $0.verb == .ends }
            return BrokerOrder.takers.map { taker in ends.count { $0.taker == taker } }
        }

        /// Checks what was told against what is stored.
        func check(_ store: NATSEventStore, isForwarded: Bool) async throws {
            var stored: [StoredEvent] = []
            var (end, isEnd) = (Int64(0), false)
            while !isEnd {
                let batch = try await store.read(after: end, limit: 1_000, .everything)
                stored += batch.events
                (end, isEnd) = (batch.upTo, batch.isEnd)
            }
            var sequences: [String: Int64] = [:]
            for event in stored {
                if let other = sequences.updateValue(event.sequence, forKey: event.id) {
                    throw CrashError("\(event.id) is stored twice, as \(other) and \(event.sequence)", id: event.id)
                }
            }
            let published = lines.filter { $0.verb == .published }
            for line in published where sequences[line.id] == nil {
                throw CrashError("\(line.id) was acknowledged and isn't stored", id: line.id)
            }
            if isForwarded {
                let inOrder = published.sorted { $0.sequence < $1.sequence }
                try checkOrder(inOrder.map { sequences[$0.id] ?? 0 }, "forwarded")
            } else {
                for taker in BrokerOrder.takers { try await check(taker, stored, store) }
            }
        }

        private func check(_ taker: Taker, _ stored: [StoredEvent], _ store: NATSEventStore) async throws {
            let ends = lines.filter { $0.taker == taker && $0.verb == .ends }.sorted { $0.time < $1.time }
            var seen: Set<Int> = []
            let first = ends.filter { seen.insert($0.sequence).inserted }
            for event in stored where !seen.contains(Int(event.sequence)) {
                throw CrashError("'\(taker)' hasn't handled \(event.id) (\(event.sequence))", id: event.id)
            }
            for lane in Dictionary(grouping: first, by: { taker.lane(of: Parcel($0.id)) }) {
                guard let key = lane.key else { continue }
                try checkOrder(lane.value.map { Int64($0.sequence) }, "handled by '\(taker)' of '\(key)'")
            }
            let letters = try await store.deadLetters(of: taker.rawValue)
            guard letters.isEmpty else { throw CrashError("'\(taker)' has given up \(letters[0])") }
            let status = try await store.status(of: taker.rawValue)
            guard status.waiting == 0, status.inFlight == 0 else {
                throw CrashError("'\(taker)' isn't done: \(status)")
            }
        }

        private func checkOrder(_ sequences: [Int64], _ what: String) throws {
            for (one, next) in zip(sequences, sequences.dropFirst()) where one >= next {
                throw CrashError("\(next) comes after \(one) among what is \(what)")
            }
        }

        var summary: String {
            let handled = BrokerOrder.takers.map { taker in
                let ends = lines.filter { $0.taker == taker && $0.verb == .ends }
                return "\(taker) \(ends.count), \(ends.count - Set(ends.map(\.sequence)).count) of them again"
            }
            return "\(published(in: [])) events acknowledged; \(handled.joined(separator: "; "))"
        }
    }
#endif
