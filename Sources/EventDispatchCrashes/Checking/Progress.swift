#if SQLite
    /// How far a subscription is with an event, as far as its handlers have told.
    struct Progress {
        enum State: UInt8 {
            /// No handler has started.
            case untouched
            /// The handler has started, returned, thrown.
            case begun, ended, failed
        }

        var state = State.untouched
        /// Later events of its lane have begun though it hadn't ended: it has to be a dead letter.
        var hasToBeDead = false
        /// The last attempt that a handler told, and the process that it was in.
        var attempt: Int16 = 0
        var process: Int32 = -1
        /// How many processes had surely left the subscription uncleanly when that attempt began.
        var losses: Int32 = 0
    }

    /// What a subscription has done with all events of a file.
    struct TakerHistory {
        /// By sequence.
        var progress: [Progress] = []
        /// The last event of each lane that has begun.
        var last: [String: Int] = [:]
        /// The process that delivers, and how many of its handlers run.
        var holder: Int?
        var running = 0
        /// How many processes have left the subscription uncleanly: each may have recorded an attempt of an event and not begun it.
        var losses: Int32 = 0
        /// Those of them, among the processes that run at the same time, that have told nothing: nobody knows when they had it.
        var silentLosses: Int32 = 0
        /// The processes that have left, and whether cleanly.
        var left: [Int: Bool] = [:]
        /// How many events of a process were delivered again though they hadn't failed in it.
        var again: [Int: Int] = [:]
        /// How many events have begun.
        var begun = 0

        mutating func leave(_ process: Int, isClean: Bool, isSilent: Bool) {
            left[process] = isClean
            guard !isClean else { return }
            losses += 1
            if isSilent { silentLosses += 1 }
        }

        /// How many processes have left the subscription uncleanly that may have known an event of a process. One that runs beside that
        /// may have the number before.
        func losses(since process: Int) -> Int { left.count { $0.key >= process - 1 && !$0.value } }

        /// How many processes may have recorded an attempt of an event, and not begun it, since the last that is known.
        func lossesSinceAttempt(_ progress: Progress) -> Int {
            // The process that ended in the attempt itself has recorded no other.
            let isInAttempt = progress.state != .failed && left[Int(progress.process)] == false
            return Int(losses - progress.losses) - (isInAttempt ? 1 : 0)
        }

        subscript(sequence: Int) -> Progress {
            get { sequence < progress.count ? progress[sequence] : Progress() }
            set {
                while progress.count <= sequence { progress.append(Progress()) }
                progress[sequence] = newValue
            }
        }
    }
#endif
