#if SQLite
    import EventDispatchSQLite
    import EventDispatchStore
    import Foundation

    /// Checks a file whose children have ended and have handled everything.
    struct FileCheck {
        private let path: String
        private let store: SQLiteEventStore
        private let table: ApplicationTable
        /// The sequence of the last event that was stored.
        private let last: Int

        init(_ path: String) async throws {
            self.path = path
            store = try await SQLiteEventStore(at: path)
            table = try ApplicationTable(at: path)
            last = try table.number("SELECT seq FROM sqlite_sequence WHERE name = 'event_dispatch_events'")
            try await store.forgetEvents()
        }

        /// Checks the file by itself and against what was told, and counts.
        func run(_ history: inout History) async throws {
            for taker in Taker.allCases { try await check(taker, &history) }
            try checkEvents(&history)
            try checkFile(history.counts.letters, &history)
        }

        private func check(_ taker: Taker, _ history: inout History) async throws {
            let name = taker.rawValue
            guard let record = try await store.record(of: name) else { throw CrashError("'\(name)' is gone") }
            let status = try await store.status(of: name)
            guard record.position == last, record.done.isEmpty, record.attempts.isEmpty, record.returned.isEmpty,
                status.waiting == 0, status.inFlight == 0, status.retrying.isEmpty
            else { throw CrashError("'\(name)' has caught up, and isn't done: \(record), \(status), last \(last)") }
            let letters = try await store.deadLetters(of: name)
            guard letters.count == status.dead else { throw CrashError("'\(name)' counts \(status.dead) dead letters") }
            let dead = Dictionary(uniqueKeysWithValues: letters.map { (Int($0.sequence), $0) })
            let told = history.takers[taker] ?? .init()
            for sequence in stride(from: 1, through: last, by: 1) {
                guard let id = history.id(of: sequence) ?? dead[sequence]?.event.id else {
                    throw CrashError("nobody has handled \(sequence)")
                }
                let parcel = Parcel(id)
                guard taker.takes(parcel) else {
                    if dead[sequence] != nil { throw CrashError("\(id) is a dead letter of '\(name)'", id: id) }
                    continue
                }
                if let letter = dead[sequence] {
                    guard letter.event.id == id else {
                        throw CrashError("\(letter) is the dead letter of \(id)", id: id)
                    }
                    if let wrong = Self.wrong(letter, taker, told[sequence], told) {
                        throw CrashError("'\(name)' has given \(id) up, \(letter): \(wrong)", id: id)
                    }
                    if parcel.poisoned == taker {
                        history.counts.poisoned += 1
                    } else if letter.reason == .processEnded {
                        history.counts.unlucky += 1
                    }
                } else if told[sequence].state != .ended || told[sequence].hasToBeDead || parcel.poisoned == taker {
                    throw CrashError("'\(name)' hasn't handled \(id) (\(sequence)), which isn't dead", id: id)
                }
            }
            guard dead.keys.allSatisfy({ (1...max(1, last)).contains($0) }) else {
                throw CrashError("'\(name)' has dead letters of no event")
            }
            history.counts.letters += letters.count
        }

        /// Why an event mustn't be a dead letter, or not such a one; nil when it may.
        private static func wrong(
            _ letter: DeadLetter,
            _ taker: Taker,
            _ progress: Progress,
            _ told: TakerHistory
        ) -> String? {
            let attempt = Int(progress.attempt)
            let parcel = try? JSONDecoder().decode(Parcel.self, from: letter.event.data)
            guard letter.event.name == Parcel.storedName, parcel?.id == letter.event.id else { return "it's another's" }
            guard letter.attempts == taker.attempts else { return "there are \(taker.attempts) attempts" }
            let isLast = attempt == letter.attempts
            switch letter.reason {
            case .attemptsFailed:
                guard progress.state == .failed, isLast else { return "the last attempt hasn't failed" }
                return letter.errors.isEmpty ? "there is no error" : nil
            case .processEnded:
                if attempt + told.lossesSinceAttempt(progress) < letter.attempts { return "attempts are missing" }
                // With no attempt known, processes that never told of it count.
                if isLast, told.left[Int(progress.process)] != false { return "no process ended in it" }
                return nil
            default:
                return "there is no such reason"
            }
        }

        private func checkEvents(_ history: inout History) throws {
            let rows = Set(try table.texts("SELECT id FROM parcels"))
            var parts: [ParcelID: Int] = [:]
            var transactions = 0
            for (sequence, event) in history.events.enumerated() {
                guard let id = event.id, var parcel = ParcelID(id) else { continue }
                guard sequence <= last else { throw CrashError("\(id) has a sequence past the last, \(last)", id: id) }
                if event.isPublished { history.counts.acknowledged += 1 } else { history.counts.unacknowledged += 1 }
                switch parcel.way {
                case .alone, .beside: break
                case .severalAtOnce:
                    parcel.part = nil
                    parts[parcel, default: 0] += 1
                case .inTransaction:
                    transactions += 1
                    guard rows.contains(id) else { throw CrashError("\(id) is there, its row isn't", id: id) }
                }
            }
            guard transactions == rows.count else {
                let missing = rows.first { history.sequence(of: $0) == nil } ?? ""
                throw CrashError("the row of \(missing) is there, its event isn't", id: missing)
            }
            if let (parcel, count) = parts.first(where: { $0.value != ParcelID.parts }) {
                throw CrashError("\(count) of the \(ParcelID.parts) parts of \(parcel.text) are there", id: parcel.text)
            }
            for id in try table.texts("SELECT id FROM event_dispatch_events") where history.sequence(of: id) == nil {
                throw CrashError("\(id) is stored, and nobody has handled it", id: id)
            }
            history.counts.rows += rows.count
        }

        /// Checks that the file is whole, and holds no more than it should.
        private func checkFile(_ letters: Int, _ history: inout History) throws {
            let integrity = try table.texts("PRAGMA integrity_check")
            guard integrity == ["ok"] else { throw CrashError("the file isn't whole: \(integrity)") }
            let strays = try table.texts("PRAGMA foreign_key_check")
            guard strays.isEmpty else { throw CrashError("rows of \(strays) belong to nothing") }
            let standing = try table.number("SELECT count(*) FROM event_dispatch_events")
            guard standing <= 10_000 else { throw CrashError("\(standing) delivered events are still there") }
            let rows = try table.number("SELECT count(*) FROM parcels")
            // Half of the file may be free before it's made smaller, and 1,024 pages in any case.
            let size = try table.number("PRAGMA page_count") * table.number("PRAGMA page_size")
            let most = (4 << 20) + 2 * 512 * (standing + letters + rows)
            guard size <= most else { throw CrashError("the file has \(size) bytes, more than \(most)") }
            history.counts.largest = size
        }
    }

    extension History {
        func id(of sequence: Int) -> String? { sequence < events.count ? events[sequence].id : nil }
    }
#endif
