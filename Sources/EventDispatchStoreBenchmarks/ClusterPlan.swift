import Foundation

/// Says what many processes would come to, by the figures of an event, and which bound they reach first.
///
/// It's a plan: what it says was not run. It's checked against N4, which was.
struct ClusterPlan {
    private let figures: ClusterFigures

    init(_ figures: ClusterFigures) { self.figures = figures }

    func print() {
        check()
        findBounds()
        breakThings()
    }

    private func line(_ text: String) { StoreBenchmarks.print(text) }

    /// N4, played with the figures of N2.
    private func check() {
        line("plan  checked against N4, by the figures of N2")
        let processor = figures.deliverServer + figures.deliverProcess
        line(
            String(
                format: "  processor time of a delivery: %.1f µs planned, %.1f µs measured",
                processor,
                figures.sharedProcessor
            )
        )
        // The machine's processors are for the server and the processes together. How many there were is taken from N4, so this checks the
        // cost of a delivery once more, and the simulation's sums.
        var layout = ClusterLayout()
        layout.server.cores = figures.sharedCores * figures.deliverServer / processor
        layout.processCores = figures.sharedCores * figures.deliverProcess / processor / Double(layout.processes)
        layout.handling = 0
        layout.rate = 0
        layout.backlog = 1e9
        var simulation = ClusterSimulation(layout, figures)
        let planned = simulation.run().delivered
        line(
            String(
                format: "  deliveries a second of four processes: %.0f planned, %.0f measured, ratio %.2f",
                planned,
                figures.sharedRate,
                planned / figures.sharedRate
            )
        )
        layout = ClusterLayout()
        layout.processes = 2
        layout.killed = 1
        layout.rate = 0
        layout.lease = figures.lease
        simulation = ClusterSimulation(layout, figures)
        let recovery = simulation.run().recovery ?? 0
        line(String(format: "  takeover: %.2f s planned, %.2f s measured", recovery, figures.takeover))
    }

    /// The layouts whose bounds are of interest, each a step further than the one before.
    private var layouts: [(name: String, layout: ClusterLayout)] {
        func layout(_ name: String, _ change: (inout ClusterLayout) -> Void) -> (String, ClusterLayout) {
            var layout = ClusterLayout()
            change(&layout)
            return (name, layout)
        }
        return [
            layout("10 processes, 1 server, 1 stream") { $0.processes = 10 },
            layout("100 processes, 1 server, 1 stream") { $0.processes = 100 },
            layout("100 processes, 3 servers, 3 replicas, 1 stream") {
                ($0.processes, $0.servers, $0.replicas) = (100, 3, 3)
            },
            layout("100 processes, 3 servers, 6 streams") {
                ($0.processes, $0.servers, $0.replicas, $0.streams) = (100, 3, 3, 6)
            },
            layout("1,000 processes, 9 servers, 36 streams") {
                ($0.processes, $0.servers, $0.replicas, $0.streams) = (1_000, 9, 3, 36)
            },
            layout("1,000 processes, 36 servers, 144 streams") {
                ($0.processes, $0.servers, $0.replicas, $0.streams) = (1_000, 36, 3, 144)
            },
            layout("100 processes, 3 servers, 6 streams, 10 subscriptions") {
                ($0.processes, $0.servers, $0.replicas, $0.streams, $0.subscriptions) = (100, 3, 3, 6, 10)
            },
            layout("100 processes, 3 servers, 6 streams, 100 subscriptions") {
                ($0.processes, $0.servers, $0.replicas, $0.streams, $0.subscriptions) = (100, 3, 3, 6, 100)
            },
            layout("10 processes, 3 servers, 6 streams, 20 ms a handler") {
                ($0.processes, $0.servers, $0.replicas, $0.streams, $0.handling) = (10, 3, 3, 6, 0.02)
            },
            layout("100 processes, 3 servers, 6 streams, 1 GBit/s") {
                ($0.processes, $0.servers, $0.replicas, $0.streams, $0.server.network) = (100, 3, 3, 6, 125e6)
            },
            layout("100 processes, 3 servers, 6 streams, 50 MB/s of disk") {
                ($0.processes, $0.servers, $0.replicas, $0.streams, $0.server.disk) = (100, 3, 3, 6, 50e6)
            },
        ]
    }

    /// The greatest rate at which the backlog doesn't grow, and what runs out beyond it.
    private func findBounds() {
        line("plan  the most events a second without a growing backlog, and what runs out first; not run")
        for (name, layout) in layouts {
            let (rate, result) = bound(of: layout)
            let planned = String(format: "%9.0f events a second, %9.0f deliveries", rate, result.delivered)
            line("  \(planned): \(result.bound.rawValue)  (\(name))")
        }
    }

    private func bound(of layout: ClusterLayout) -> (Double, ClusterSimulation.Result) {
        func run(_ rate: Double) -> ClusterSimulation.Result {
            var layout = layout
            layout.rate = rate
            var simulation = ClusterSimulation(layout, figures, seconds: 12)
            return simulation.run()
        }
        // 5 % of a second's events may wait.
        func keeps(_ rate: Double) -> Bool { run(rate).backlog <= 0.05 * rate }
        var (low, high) = (0.0, 100.0)
        while keeps(high), high < 1e8 { (low, high) = (high, high * 2) }
        while high - low > 0.01 * high {
            let middle = (low + high) / 2
            if keeps(middle) { low = middle } else { high = middle }
        }
        return (low, run(low))
    }

    /// What faults do at four fifths of the bound.
    private func breakThings() {
        line("plan  faults after 60 s of 180, at four fifths of that rate, but a million at the most; not run")
        let faults: [(String, (inout ClusterLayout) -> Void)] = [
            ("nothing", { _ in }),
            ("a tenth of the processes is slow, 20 times", { $0.slow = 0.1 }),
            ("a tenth of the processes is killed", { $0.killed = $0.processes / 10 }),
            ("a server is lost for 30 s", { $0.losesServer = true }),
            ("the same without replicas", { ($0.losesServer, $0.replicas) = (true, 1) }),
        ]
        for (name, base) in [layouts[3], layouts[4]] {
            let rate = min(1e6, 0.8 * bound(of: base).0)
            line("  \(name), \(Int(rate)) events a second")
            for (fault, change) in faults {
                var layout = base
                layout.rate = rate
                change(&layout)
                var simulation = ClusterSimulation(layout, figures, seconds: 180)
                let result = simulation.run()
                let numbers = String(
                    format: "%.0f deliveries a second at the end, %.0f events behind at the most, %.0f at the end",
                    result.delivered,
                    result.greatestBacklog,
                    result.backlog
                )
                let isFault = layout.killed > 0 || layout.losesServer
                let recovery =
                    result.recovery.map { String(format: ", caught up after %.1f s", $0) } ?? ", not caught up"
                line("    \(fault): \(numbers)" + (isFault ? recovery : ""))
            }
        }
    }
}
