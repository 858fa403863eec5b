#if SQLite
    import EventDispatchStore

    /// What the children of a file have told, checked line by line against what is promised.
    struct History {
        struct Event {
            /// Nil where no line has mentioned the sequence.
            var id: String?
            /// Whether its `publish` has returned.
            var isPublished = false
        }

        /// By sequence; sequences are counted from 1.
        private(set) var events: [Event] = []
        private var sequences: [String: Int] = [:]
        private(set) var takers: [Taker: TakerHistory] = [:]
        private(set) var isReady = false
        var counts = CrashCounts()

        /// How many events are stored that a subscription hasn't begun with, about.
        var backlog: Int {
            let begun = Taker.allCases.filter { $0 != .north }.map { takers[$0]?.begun ?? 0 }.min() ?? 0
            return max(0, sequences.count - begun)
        }

        func sequence(of id: String) -> Int? { sequences[id] }

        private enum Entry {
            case told(Line)
            /// A process doesn't deliver a subscription from now on. It's silent where it has told nothing of it.
            case leaves(Taker, isClean: Bool, isSilent: Bool)
        }

        /// Takes in what children have told who ran at the same time.
        mutating func takeIn(_ ended: [Cycle.Ended]) throws(CrashError) {
            for taker in Taker.allCases { takers[taker, default: .init()].silentLosses = 0 }
            var entries: [(time: UInt64, process: Int, entry: Entry)] = []
            for child in ended {
                for line in child.lines { entries.append((line.time, child.process, .told(line))) }
                for taker in Taker.allCases {
                    // Nobody else may have begun before that. Lines aren't in order in the pipe where handlers run beside each other.
                    let last = child.lines.lazy.filter { $0.taker == taker }.map(\.time).max()
                    let entry = Entry.leaves(taker, isClean: child.isClean, isSilent: last == nil)
                    entries.append((last ?? child.spawned, child.process, entry))
                }
            }
            let order = entries.indices.sorted { (entries[$0].time, $0) < (entries[$1].time, $1) }
            for index in order {
                let (_, process, entry) = entries[index]
                switch entry {
                case .told(let line): try takeIn(line, process)
                case .leaves(let taker, let isClean, let isSilent):
                    takers[taker, default: .init()].leave(process, isClean: isClean, isSilent: isSilent)
                }
            }
        }

        private mutating func takeIn(_ line: Line, _ process: Int) throws(CrashError) {
            switch line.verb {
            case .opens, .stopped, .interrupted, .fault: break
            case .ready: isReady = true
            case .published:
                try note(line.id, line.sequence)
                events[line.sequence].isPublished = true
            case .begins: try begin(line, process)
            case .ends, .fails: try end(line, process)
            }
        }

        /// Notes that an event has a sequence, and no other.
        private mutating func note(_ id: String, _ sequence: Int) throws(CrashError) {
            while events.count <= sequence { events.append(Event()) }
            if let other = events[sequence].id, other != id {
                throw CrashError("\(sequence) is the sequence of \(id) and of \(other)", id: id)
            }
            if let other = sequences[id], other != sequence {
                throw CrashError("\(id) has the sequences \(other) and \(sequence)", id: id)
            }
            guard events[sequence].id == nil else { return }
            if Parcel(id).isRolledBack { throw CrashError("\(id) was rolled back and is there", id: id) }
            events[sequence].id = id
            sequences[id] = sequence
        }
    }

    // What handlers tell.

    extension History {
        private mutating func begin(_ line: Line, _ process: Int) throws(CrashError) {
            guard let taker = line.taker else { throw CrashError("a delivery of no subscription") }
            try note(line.id, line.sequence)
            let parcel = Parcel(line.id)
            // Taken out, so that nothing is copied.
            var history = takers.removeValue(forKey: taker) ?? .init()
            defer { takers[taker] = history }
            let what = "\(taker) begins \(line.id) (\(line.sequence)), attempt \(line.attempt), in process \(process)"
            func expect(_ isRight: Bool, _ wrong: @autoclosure () -> String) throws(CrashError) {
                if !isRight { throw CrashError("\(what): \(wrong())", id: line.id) }
            }
            try expect(taker.takes(parcel), "it doesn't take it")
            try expect(line.attempt <= taker.attempts, "there are \(taker.attempts) attempts at most")
            if history.holder != process {
                let isFree = history.holder.map { history.left[$0] != nil } ?? true
                try expect(isFree, "process \(history.holder ?? 0) delivers it")
                history.holder = process
                history.running = 0
            }
            history.running += 1
            try expect(history.running <= taker.atOnce, "\(history.running) deliveries go on")

            var progress = history[line.sequence]
            try expect(!progress.hasToBeDead, "later events have begun before")
            if progress.state == .untouched {
                try expect(
                    line.attempt - 1 <= history.losses(since: ParcelID(line.id)?.process ?? 0),
                    "attempts are missing"
                )
                history.begun += 1
                try takeTurn(line, taker.lane(of: parcel), process, &history, expect)
            } else {
                if let lane = taker.lane(of: parcel) {
                    try expect(history.last[lane] == line.sequence, "a later event of its lane has begun before")
                }
                try repeatDelivery(line, progress, taker, process, &history, expect)
            }
            progress.state = .begun
            progress.attempt = Int16(line.attempt)
            progress.process = Int32(process)
            progress.losses = history.losses - history.silentLosses
            history[line.sequence] = progress
        }

        /// An event begins for the first time: it's the turn of its lane, whose last event is done.
        private func takeTurn(
            _ line: Line,
            _ lane: String?,
            _ process: Int,
            _ history: inout TakerHistory,
            _ expect: (Bool, @autoclosure () -> String) throws(CrashError) -> Void
        ) throws(CrashError) {
            guard let lane else { return }
            defer { history.last[lane] = line.sequence }
            guard let last = history.last[lane] else { return }
            try expect(last < line.sequence, "\(last) has begun before")
            var progress = history[last]
            guard progress.state != .ended else { return }
            let taker = line.taker ?? .ordered
            let isLastAttempt = Int(progress.attempt) == taker.attempts
            if progress.process == process {
                try expect(progress.state == .failed && isLastAttempt, "\(last) isn't done")
            } else {
                let mostAttempts = Int(progress.attempt) + history.lossesSinceAttempt(progress)
                try expect(isLastAttempt || mostAttempts >= taker.attempts, "\(last) isn't done")
            }
            progress.hasToBeDead = true
            history[last] = progress
        }

        /// An event begins again: it failed, or a process ended in it.
        private mutating func repeatDelivery(
            _ line: Line,
            _ last: Progress,
            _ taker: Taker,
            _ process: Int,
            _ history: inout TakerHistory,
            _ expect: (Bool, @autoclosure () -> String) throws(CrashError) -> Void
        ) throws(CrashError) {
            let lastProcess = Int(last.process)
            let skipped = line.attempt - Int(last.attempt) - 1
            try expect(skipped >= 0, "attempt \(last.attempt) was made before")
            if lastProcess == process {
                try expect(last.state == .failed, "it hasn't failed")
                return try expect(skipped == 0, "attempts are missing")
            }
            let hasFailed = last.state == .failed
            let wasClean = history.left[lastProcess] == true
            try expect(hasFailed || !wasClean, "process \(lastProcess) stopped cleanly and has it delivered again")
            try expect(skipped <= history.lossesSinceAttempt(last), "attempts are missing")
            guard !hasFailed else { return }
            history.again[lastProcess, default: 0] += 1
            try expect(
                history.again[lastProcess, default: 0] <= taker.atOnce,
                "more than \(taker.atOnce) events of process \(lastProcess) are delivered again"
            )
            if last.state == .ended { counts.duplicates += 1 } else { counts.interrupted += 1 }
        }

        private mutating func end(_ line: Line, _ process: Int) throws(CrashError) {
            guard let taker = line.taker, var history = takers.removeValue(forKey: taker) else {
                throw CrashError("\(line.id) ends and hasn't begun", id: line.id)
            }
            defer { takers[taker] = history }
            var progress = history[line.sequence]
            guard progress.state == .begun, progress.process == process, Int(progress.attempt) == line.attempt else {
                throw CrashError("\(taker) ends \(line.id), attempt \(line.attempt), and hasn't begun", id: line.id)
            }
            progress.state = line.verb == .ends ? .ended : .failed
            history.running -= 1
            history[line.sequence] = progress
            if progress.state == .ended { counts.handled += 1 }
        }
    }
#endif
