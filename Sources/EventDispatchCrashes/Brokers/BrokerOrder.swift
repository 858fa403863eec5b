#if SQLite && NATS
    /// What a parent tells a child to do at servers, as the arguments of its command line.
    struct BrokerOrder {
        private static let first = "broker-child"

        /// The servers.
        let urls: [String]
        let stream: String
        /// The number of the process; the events that it publishes have it in their IDs.
        let process: Int
        /// How many events it publishes at most.
        let events: Int
        var replicas = 1
        /// The file that it publishes into and forwards from; nil when it publishes to the stream, and handles.
        var path: String?
        /// Whether it ends by itself when everything is handled or forwarded.
        var finishes = false

        init(urls: [String], stream: String, process: Int, events: Int) {
            (self.urls, self.stream, self.process, self.events) = (urls, stream, process, events)
        }

        /// Reads arguments; nil when they are those of a parent.
        init?(_ arguments: [String]) {
            guard
                arguments.first == Self.first, arguments.count == 8, let process = Int(arguments[3]),
                let events = Int(arguments[4]), let replicas = Int(arguments[5])
            else { return nil }
            self.init(
                urls: arguments[1].split(separator: ",").map(String.init),
                stream: arguments[2],
                process: process,
                events: events
            )
            self.replicas = replicas
            path = arguments[6].isEmpty ? nil : arguments[6]
            finishes = arguments[7] == "finishes"
        }

        var arguments: [String] {
            [
                Self.first, urls.joined(separator: ","), stream, "\(process)", "\(events)", "\(replicas)", path ?? "",
                finishes ? "finishes" : "",
            ]
        }

        /// The subscriptions that are opened, whose handlers don't fail.
        static let takers: [Taker] = [.ordered, .customers, .crowd]

        /// The ID of an event.
        func id(_ number: Int) -> String { ParcelID(process: process, .alone, number).text }
    }
#endif
