#if SQLite
    /// What was done, in numbers.
    struct CrashCounts {
        var files = 0
        var cycles = 0
        var kills = 0
        /// Processes that a handler ended.
        var selfKills = 0
        /// Processes that stopped cleanly.
        var stops = 0
        /// Events whose `publish` returned, and those that are stored all the same.
        var acknowledged = 0
        var unacknowledged = 0
        /// Deliveries that ended well, and those of them that were repeated though they had.
        var handled = 0
        var duplicates = 0
        /// Deliveries that were repeated because a process ended in them.
        var interrupted = 0
        var letters = 0
        /// Dead letters of events whose handler ended the process, and of events that were under way whenever one was killed.
        var poisoned = 0
        var unlucky = 0
        /// Rows of the application's table, each with its event.
        var rows = 0
        /// The largest file at its end, in bytes.
        var largest = 0

        static func += (left: inout Self, right: Self) {
            left.files += right.files
            left.cycles += right.cycles
            left.kills += right.kills
            left.selfKills += right.selfKills
            left.stops += right.stops
            left.acknowledged += right.acknowledged
            left.unacknowledged += right.unacknowledged
            left.handled += right.handled
            left.duplicates += right.duplicates
            left.interrupted += right.interrupted
            left.letters += right.letters
            left.poisoned += right.poisoned
            left.unlucky += right.unlucky
            left.rows += right.rows
            left.largest = max(left.largest, right.largest)
        }

        /// All of them, in lines.
        var summary: String {
            """
            \(cycles) cycles on \(files) files; \(selfKills) processes ended by a handler, \(stops) stopped cleanly
            \(acknowledged) events acknowledged, \(unacknowledged) more stored; \(rows) with a row of the application
            \(handled) deliveries ended well, \(duplicates) of them a second time; \(interrupted) were cut off and begun again
            \(letters) dead letters: \(poisoned) poisoned, \(unlucky) under way in too many kills, the others failed
            the largest file at its end: \(largest / 1024) KB
            """
        }
    }
#endif
