#if SQLite
    /// What a parent tells a child to do, as the arguments of its command line.
    struct ChildOrder {
        private static let first = "child"

        let path: String
        /// The number of the process on its file; the events that it publishes have it in their IDs.
        let process: Int
        /// How many events it publishes at most.
        let events: Int
        /// Whether it publishes before its subscriptions are open.
        let publishesEarly: Bool
        /// Whether it forgets events as fast as it can.
        let forgets: Bool
        /// Whether it ends by itself when everything is handled.
        let finishes: Bool
        /// Whether it leaves deliveries behind that don't end at once when it's told to stop.
        let isHasty: Bool
        /// Events that an earlier child may have published, to be published again.
        let again: [String]

        init(
            path: String,
            process: Int,
            events: Int = 0,
            publishesEarly: Bool = false,
            forgets: Bool = false,
            finishes: Bool = false,
            isHasty: Bool = false,
            again: [String] = []
        ) {
            self.path = path
            self.process = process
            self.events = events
            self.publishesEarly = publishesEarly
            self.forgets = forgets
            self.finishes = finishes
            self.isHasty = isHasty
            self.again = again
        }

        /// Reads arguments; nil when they are those of a parent.
        init?(_ arguments: [String]) {
            guard arguments.first == Self.first, arguments.count == 5, let process = Int(arguments[2]),
                let events = Int(arguments[3])
            else { return nil }
            let words = arguments[4].split(separator: ",").map(String.init)
            self.init(
                path: arguments[1],
                process: process,
                events: events,
                publishesEarly: words.contains("early"),
                forgets: words.contains("forgets"),
                finishes: words.contains("finishes"),
                isHasty: words.contains("hasty"),
                again: words.filter { $0.contains(".") }
            )
        }

        var arguments: [String] {
            var words = again
            if publishesEarly { words.append("early") }
            if forgets { words.append("forgets") }
            if finishes { words.append("finishes") }
            if isHasty { words.append("hasty") }
            return [Self.first, path, "\(process)", "\(events)", words.joined(separator: ",")]
        }
    }
#endif
