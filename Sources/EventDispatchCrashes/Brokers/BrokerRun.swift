#if SQLite && NATS
    import EventDispatchNATS
    import EventDispatchStore
    import Foundation
    import ProgramSupport
    import TestSupport

    /// Processes at servers of NATS, some of either of which are killed.
    final class BrokerRun {
        private enum Kind { case processes, forwarders, servers }

        /// How long something may take that is waited for, in nanoseconds.
        private static let patience: UInt64 = 120_000_000_000

        private let kind: Kind
        private let kills: Int
        private let seed: UInt64
        private var random: SplitMix64
        private let stream = "crashes"
        private let path: String
        private let servers: [NATSServer]
        private var process = 0
        private var children: [ChildProcess] = []
        private var ledger = BrokerLedger()

        /// Reads the arguments of a command line; nil when they aren't about servers.
        init?(_ arguments: [String]) throws {
            var (kind, kills, server) = (Kind.processes, Int?.none, String?.none)
            var seed = UInt64.random(in: 0..<1_000_000_000_000)
            var rest = arguments[...]
            while let option = rest.popFirst() {
                switch option {
                case "--forward": kind = .forwarders
                case "--cluster": kind = .servers
                case "--nats": server = rest.popFirst()
                case "--kills": kills = try wholeNumber(option, rest.popFirst() ?? "", in: 1...1_000_000_000)
                case "--seed": seed = UInt64(try wholeNumber(option, rest.popFirst() ?? "", in: 0...Int.max))
                default: return nil
                }
            }
            guard let server else { return nil }
            self.kind = kind
            self.kills = kills ?? (kind == .servers ? 2 : 50)
            self.seed = seed
            random = SplitMix64(seed: seed)
            path = try temporaryPath("outbox.sqlite")
            servers = kind == .servers ? try NATSServer.cluster(server, of: 3) : [try NATSServer(server)]
        }

        /// The store of a stream. Where events are forwarded, the server forgets their IDs at once: repetitions have to be avoided.
        static func store(_ urls: [String], _ stream: String, _ replicas: Int) async throws -> NATSEventStore {
            var options = NATSOptions(urls[0])
            options.urls = urls
            options.timeout = .seconds(2)
            options.reconnectPause = .milliseconds(50)
            while true {
                do {
                    return try await NATSEventStore(
                        options,
                        stream: stream,
                        retention: .forever,
                        replicas: replicas,
                        duplicates: stream.hasSuffix("-forgetful") ? .milliseconds(100) : .seconds(120),
                        takeover: .seconds(1)
                    )
                } catch {
                    // A cluster has no leader at first.
                    guard error.isTransient else { throw error }
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
        }

        private var urls: [String] { servers.map(\.url) }
        private var streamName: String { kind == .forwarders ? stream + "-forgetful" : stream }
        private var replicas: Int { servers.count }

        /// Runs, checks, and prints what was done.
        func run() async throws {
            print("seed \(seed), \(kills) kills of \(kind)")
            let start = ContinuousClock.now
            // The streams are made before anything is killed.
            let store = try await Self.store(urls, streamName, replicas)
            switch kind {
            case .processes: try killProcesses(atOnce: 3)
            case .forwarders: try killProcesses(atOnce: 1)
            case .servers: try await killServers()
            }
            try finish()
            try await ledger.check(store, isForwarded: kind == .forwarders)
            let seconds = Int((ContinuousClock.now - start) / .seconds(1))
            print("\(kills) kills in \(seconds) s: \(ledger.summary)")
            print("every promise was kept")
        }

        private func spawn(events: Int, finishes: Bool = false) throws {
            process += 1
            var order = BrokerOrder(urls: urls, stream: streamName, process: process, events: events)
            order.replicas = replicas
            order.path = kind == .forwarders ? path : nil
            order.finishes = finishes
            children.append(try ChildProcess(process, order.arguments))
        }

        /// Kills the oldest child again and again, with others beside it.
        private func killProcesses(atOnce: Int) throws {
            for _ in 0..<kills {
                while children.count < atOnce { try spawn(events: 200) }
                let oldest = children[0]
                try listen { oldest.opened != nil }
                let end = Line.now + UInt64(random.next(below: 600)) * 1_000_000
                try listen { Line.now >= end }
                oldest.kill()
                try reap(oldest)
            }
        }

        /// Kills the server that leads the stream, under load, until others go on; and starts it again.
        private func killServers() async throws {
            for _ in 0..<2 { try spawn(events: 1_000_000) }
            let peers = try StreamPeers(urls, streamName)
            for _ in 0..<kills {
                try progress()
                let leader = try peers.waitForLeader(within: Self.patience)
                guard let server = servers.indices.first(where: { "n\($0 + 1)" == leader }) else {
                    throw CrashError("'\(leader)' leads, which is no server of ours")
                }
                print("kills \(leader), after \(ledger.published(in: children)) events")
                fflush(nil)
                servers[server].kill()
                try progress()
                try servers[server].restart()
                try peers.waitUntilAllAreCurrent(within: Self.patience)
            }
            try progress()
        }

        /// Waits until processes have published and handled some more.
        private func progress() throws {
            let (published, handled) = (ledger.published(in: children), ledger.handled(in: children))
            let enough = 300
            try listen {
                self.ledger.published(in: self.children) > published + enough
                    && zip(self.ledger.handled(in: self.children), handled).allSatisfy { $0 > $1 + enough }
            }
        }

        /// Lets one process handle or forward what is left.
        private func finish() throws {
            for child in children { child.requestStop() }
            for child in children { try reap(child) }
            try spawn(events: 0, finishes: true)
            try reap(children[0])
        }

        /// Takes in what children tell, until something is so.
        private func listen(until isDone: () -> Bool) throws {
            let deadline = Line.now + Self.patience
            while !isDone() {
                guard Line.now < deadline else { throw CrashError("nothing goes on any more") }
                try ChildProcess.listen(to: children, milliseconds: 20)
                try children.forEach(checkFaults)
            }
        }

        private func checkFaults(_ child: ChildProcess) throws {
            if let fault = child.lines.first(where: { $0.verb == .fault }) { throw CrashError(fault.id) }
        }

        private func reap(_ child: ChildProcess) throws {
            try listen { child.isAtEnd }
            switch child.reap() {
            case .killed, .exited(0): break
            case .killedItself: throw CrashError("process \(child.number) was killed by somebody else")
            case .exited(let status): throw CrashError("process \(child.number) ended with status \(status)")
            case .crashed(let signal): throw CrashError("process \(child.number) ended by signal \(signal)")
            }
            children.removeAll { $0 === child }
            ledger.takeIn(child.lines)
        }
    }
#endif
