import ProgramSupport

/// Servers, streams and processes, as they are planned.
struct ClusterLayout {
    /// A server. It's what a plan assumes, not what was measured.
    struct Server {
        /// The processors that the server may keep busy.
        var cores = 8.0
        /// Bytes a second that one stream's leader and its followers write.
        var disk = 500e6
        /// Bytes a second, in and out together.
        var network = 1.25e9
    }

    var server = Server()
    var servers = 1
    var replicas = 1
    /// The subjects are spread over so many streams, evenly.
    var streams = 1
    /// So many subscriptions, each of which takes every event. All processes share each.
    var subscriptions = 1
    var processes = 4
    /// The processors that each process may keep busy.
    var processCores = 1.0
    /// The most events that a process handles at a time, of each subscription.
    var atOnce = 64.0
    /// How long a handler waits for others, in seconds.
    var handling = 0.001
    /// Events a second that are published.
    var rate = 1_000.0
    /// Events that wait at the beginning.
    var backlog = 0.0

    // Faults.
    /// The part of the processes whose handlers take twenty times as long.
    var slow = 0.0
    /// How many processes are killed, a third of the time in.
    var killed = 0
    /// Whether a server is lost, a third of the time in, and comes back after thirty seconds.
    var losesServer = false
    /// How long an event is held for a process that gives no sign of life, in seconds.
    var lease = 10.0
}

/// What may run out.
enum ClusterBound: String, CaseIterable {
    case stream = "one stream's leader"
    case serverCPU = "server CPU"
    case consumers = "server CPU, for consumers"
    case disk = "disk"
    case network = "network"
    case processes = "processes"
}

/// Plays a layout in steps of 20 ms, with what each event costs by the figures.
///
/// In a step, each stream takes what was published as far as its servers have processor time, disk and network left, and hands out what
/// waits as far as they and the processes have. A process that is killed keeps what it has in hand until its lease is over; a server that is
/// lost leaves its streams without a leader until another is elected, or until it's back if nobody has a copy.
struct ClusterSimulation {
    struct Result {
        /// Deliveries a second in the last third.
        var delivered = 0.0
        /// Events that wait at the end, at the publishers or in the streams.
        var backlog = 0.0
        var greatestBacklog = 0.0
        /// The time from the fault until no more events wait than before; nil if that isn't reached.
        var recovery: Double?
        /// What is used of each thing, from 0 to 1, in the last third.
        var use: [ClusterBound: Double] = [:]

        /// What runs out first.
        var bound: ClusterBound {
            let greatest = ClusterBound.allCases.max { use[$0, default: 0] < use[$1, default: 0] } ?? .serverCPU
            let isForConsumers = use[.consumers, default: 0] * 2 > use[.serverCPU, default: 0]
            return greatest == .serverCPU && isForConsumers ? .consumers : greatest
        }
    }

    private static let step = 0.02
    /// The time that a request for more events is under way, in seconds.
    private static let roundTrip = 0.001

    private let layout: ClusterLayout
    private let figures: ClusterFigures
    private let seconds: Double
    private var random: SplitMix64

    init(_ layout: ClusterLayout, _ figures: ClusterFigures, seconds: Double = 60, seed: UInt64 = 42) {
        (self.layout, self.figures, self.seconds) = (layout, figures, seconds)
        random = SplitMix64(seed: seed)
    }

    /// What the servers have left of a step.
    private struct Budget {
        var cores: Double
        var disk: Double
        var network: Double
    }

    private struct Stream {
        var leader: Int
        /// When it has a leader again, in seconds.
        var leaderless = 0.0
        /// Events that publishers hold.
        var held = 0.0
        /// Deliveries that nobody has.
        var waiting = 0.0
    }

    mutating func run() -> Result {
        let (step, count) = (Self.step, Int(seconds / Self.step))
        let subscriptions = Double(layout.subscriptions)
        var streams = (0..<layout.streams).map { Stream(leader: $0 % layout.servers) }
        let backlog = layout.backlog * subscriptions / Double(layout.streams)
        for index in streams.indices { streams[index].waiting = backlog }
        /// What each process can handle in a step, by its handlers and by its processors.
        let capacities = (0..<layout.processes).map { index in
            let time = layout.handling * (Double(index) < layout.slow * Double(layout.processes) ? 20 : 1)
            let byHandlers = layout.atOnce * subscriptions * step / (time + Self.roundTrip)
            return min(byHandlers, layout.processCores * step * 1e6 / figures.deliverProcess)
        }
        var living = layout.processes
        var leased: (deliveries: Double, until: Double) = (0, .infinity)
        let fault = seconds / 3
        var result = Result()
        var (before, isBehind) = (0.0, false)
        var used = ClusterBound.allCases.reduce(into: [ClusterBound: Double]()) { $0[$1] = 0 }
        var lateSteps = 0.0
        for number in 0..<count {
            let now = Double(number) * step
            let isLate = now >= seconds * 2 / 3
            if abs(now - fault) < step / 2 {
                before = streams.reduce(0) { $0 + $1.held * subscriptions + $1.waiting }
                isBehind = layout.killed > 0 || layout.losesServer
                if layout.killed > 0 { (leased, living) = kill(capacities, now) }
                if layout.losesServer { lose(&streams, now) }
            }
            var returned = 0.0
            if now >= leased.until {
                returned = leased.deliveries
                leased = (0, .infinity)
            }
            var budgets = (0..<layout.servers).map { server in
                let isLost = layout.losesServer && server == 0 && now >= fault && now < fault + 30
                let part = isLost ? 0 : step
                return Budget(
                    cores: layout.server.cores * part * 1e6,
                    disk: layout.server.disk * part,
                    network: layout.server.network * part
                )
            }
            let full = budgets
            var free = capacities[..<living].reduce(0, +)
            let capacity = free
            var (consumerTime, greatest, delivered) = (0.0, 0.0, 0.0)
            for offset in streams.indices {
                // Another one is the first in each step.
                let index = (offset + number) % streams.count
                streams[index].held += layout.rate * step / Double(streams.count) * (0.9 + 0.2 * random.unit())
                streams[index].waiting += returned / Double(streams.count)
                guard now >= streams[index].leaderless else { continue }
                let leader = streams[index].leader
                // One leader takes messages one after the other.
                let one = publish(&streams[index], &budgets, leader, full)
                greatest = max(greatest, one)
                let (done, time) = deliver(&streams[index], &budgets[leader], free)
                (free, delivered, consumerTime) = (free - done, delivered + done, consumerTime + time)
            }
            let backlog = streams.reduce(leased.deliveries) { $0 + $1.held * subscriptions + $1.waiting }
            result.greatestBacklog = max(result.greatestBacklog, backlog / subscriptions)
            // When everything has a leader and somebody who works on it, and what has gathered is done.
            let isRepaired = leased.until == .infinity && streams.allSatisfy { $0.leaderless < now }
            if isBehind, isRepaired, backlog <= before * 1.1 + layout.rate * step * subscriptions {
                (result.recovery, isBehind) = (now - fault, false)
            }
            guard isLate else { continue }
            lateSteps += 1
            result.delivered += delivered
            func use(_ part: (Budget) -> Double) -> Double {
                zip(budgets, full).map { part($1) > 0 ? 1 - part($0) / part($1) : 0 }.max() ?? 0
            }
            used[.stream, default: 0] += greatest
            used[.serverCPU, default: 0] += use(\.cores)
            used[.consumers, default: 0] += consumerTime / full.reduce(0) { $0 + $1.cores }
            used[.disk, default: 0] += use(\.disk)
            used[.network, default: 0] += use(\.network)
            used[.processes, default: 0] += capacity > 0 ? 1 - free / capacity : 1
        }
        result.delivered /= lateSteps * step
        result.use = used.mapValues { $0 / lateSteps }
        result.backlog = streams.reduce(leased.deliveries) { $0 + $1.held * subscriptions + $1.waiting } / subscriptions
        return result
    }

    /// Takes what is published; returns which part of a step one stream's leader was busy.
    private func publish(_ stream: inout Stream, _ budgets: inout [Budget], _ leader: Int, _ full: [Budget]) -> Double {
        let others = Double(layout.replicas - 1)
        let consumers = Double(layout.subscriptions) * figures.consumerServer
        let cost = figures.publishServer + consumers
        let room = budgets[leader]
        let wire = figures.publishWire + others * figures.storedBytes
        var events = min(
            stream.held,
            Self.step * 1e6 / figures.publishServer,
            room.cores / cost,
            room.disk / figures.storedBytes,
            room.network / wire
        )
        let followers = (1..<max(1, layout.replicas)).map { (leader + $0) % layout.servers }
        // Most of the servers have to write it; a slow one is waited for all the same, for simplicity.
        for server in followers where full[server].cores > 0 {
            events = min(
                events,
                budgets[server].cores / max(figures.replicaServer, 0.01),
                budgets[server].disk / figures.storedBytes
            )
        }
        budgets[leader].cores -= events * cost
        budgets[leader].disk -= events * figures.storedBytes
        budgets[leader].network -= events * wire
        for server in followers where full[server].cores > 0 {
            budgets[server].cores -= events * figures.replicaServer
            budgets[server].disk -= events * figures.storedBytes
            budgets[server].network -= min(budgets[server].network, events * figures.storedBytes)
        }
        stream.held -= events
        stream.waiting += events * Double(layout.subscriptions)
        return events * figures.publishServer / (Self.step * 1e6)
    }

    /// Hands out what waits; returns how much, and the processor time that it took.
    private func deliver(_ stream: inout Stream, _ budget: inout Budget, _ free: Double) -> (Double, Double) {
        let done = max(
            0,
            min(stream.waiting, free, budget.cores / figures.deliverServer, budget.network / figures.deliverWire)
        )
        stream.waiting -= done
        budget.cores -= done * figures.deliverServer
        budget.network -= done * figures.deliverWire
        return (done, done * figures.deliverServer)
    }

    /// The events that killed processes have in hand, until their lease is over. Signs of life come every quarter of it.
    private mutating func kill(_ capacities: [Double], _ now: Double) -> ((Double, Double), Int) {
        let killed = min(layout.killed, layout.processes - 1)
        let deliveries = Double(killed) * layout.atOnce * Double(layout.subscriptions)
        let until = now + layout.lease * (0.75 + 0.25 * random.unit())
        return ((deliveries, until), layout.processes - killed)
    }

    /// The streams that the lost server leads have no leader until another is elected, which takes 4 to 9 seconds in JetStream.
    private mutating func lose(_ streams: inout [Stream], _ now: Double) {
        for index in streams.indices where streams[index].leader == 0 {
            guard layout.replicas > 2, layout.servers > 2 else {
                streams[index].leaderless = now + 30
                continue
            }
            streams[index].leaderless = now + 4 + 5 * random.unit()
            streams[index].leader = 1 + index / layout.servers % (layout.servers - 1)
        }
    }
}

extension SplitMix64 {
    /// A number from 0 to 1.
    fileprivate mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
