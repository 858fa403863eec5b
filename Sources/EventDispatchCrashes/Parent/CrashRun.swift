#if SQLite
    import CMemoryUse
    import Foundation
    import ProgramSupport

    /// Files on which children are killed, one after the other.
    struct CrashRun {
        private let options: CrashOptions
        private var random: SplitMix64
        private var counts = CrashCounts()

        init(_ options: CrashOptions) {
            self.options = options
            random = SplitMix64(seed: options.seed)
        }

        /// Runs, and prints what was done. The files are taken away unless a promise is broken.
        mutating func run() async throws {
            let start = ContinuousClock.now
            try FileManager.default.createDirectory(atPath: options.folder, withIntermediateDirectories: true)
            while counts.kills < options.kills {
                let kills = min(options.killsPerFile, options.kills - counts.kills)
                let file = CrashedFile("\(options.folder)/events-\(counts.files + 1).sqlite", seed: random.next())
                do {
                    counts += try await file.run(kills: kills)
                } catch {
                    if let error = error as? CrashError, let id = error.id { file.printHistory(of: id) }
                    print("error: seed \(options.seed), '\(file.path)'")
                    throw error
                }
                file.remove()
                let seconds = (ContinuousClock.now - start) / .seconds(1)
                print("file \(counts.files): \(counts.kills) of \(options.kills) kills, \(Int(seconds)) s")
                fflush(nil)
            }
            try FileManager.default.removeItem(atPath: options.folder)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            print("\(counts.kills) kills in \(Int(seconds)) s, with \(allocated_bytes() / 1024) KB allocated")
            print(counts.summary)
        }
    }

    /// A file, and the children that work on it.
    final class CrashedFile {
        private static let earlyCycles = 10

        let path: String
        private var random: SplitMix64
        private var history = History()
        private var process = 0
        /// What the last children published last in each way.
        private var lastPublished: [ParcelID] = []
        private let log: UnsafeMutablePointer<FILE>?

        init(_ path: String, seed: UInt64) {
            self.path = path
            random = SplitMix64(seed: seed)
            log = fopen(path + "-told", "w")
        }

        deinit { if let log { fclose(log) } }

        /// Kills as many processes, lets another one handle what is left, and checks everything.
        func run(kills: Int) async throws -> CrashCounts {
            while history.counts.kills < kills { try cycle(random.next(below: 10) == 0 ? 2 : 1) }
            while true {
                let ended = try Cycle.run([(order(finishes: true), .finish)])
                try takeIn(ended)
                if ended.allSatisfy(\.isClean) { break }
            }
            try await FileCheck(path).run(&history)
            history.counts.files = 1
            return history.counts
        }

        private func cycle(_ children: Int) throws(CrashError) {
            let again = lastPublished.flatMap { last in
                [last.text, ParcelID(process: last.process, last.way, last.number + 1).text]
            }
            var planned: [(ChildOrder, Cycle.Plan)] = []
            for child in 0..<children {
                let plan = plan(beside: children > 1 ? child : nil)
                planned.append((order(again: child == 0 ? again : [], isHasty: children == 1), plan))
            }
            try takeIn(try Cycle.run(planned))
        }

        /// - Parameter beside: which of the children that run at the same time it is for; nil for one alone.
        private func plan(beside child: Int?) -> Cycle.Plan {
            // The file itself is made while processes are killed.
            if process < Self.earlyCycles { return .killEarly(random.next(below: 30)) }
            switch (random.next(below: 100), child) {
            case (0..<10, _): return .killEarly(random.next(below: 25))
            case (10..<18, _): return .stop(random.next(below: 60))
            case (_, nil): return .kill(random.next(below: 80))
            // Long enough to take over what the other one had: a process looks for that every 250 ms.
            case (18..<60, 1): return .kill(200 + random.next(below: 500))
            default: return .kill(random.next(below: 150))
            }
        }

        private func order(finishes: Bool = false, again: [String] = [], isHasty: Bool = false) -> ChildOrder {
            process += 1
            // No more than subscriptions keep up with.
            let most = finishes ? 0 : min(160, max(0, 600 - history.backlog))
            return ChildOrder(
                path: path,
                process: process,
                events: most > 0 ? random.next(below: most) : 0,
                publishesEarly: history.isReady && random.next(below: 2) == 0,
                forgets: history.isReady && random.next(below: 4) == 0,
                finishes: finishes,
                isHasty: isHasty && random.next(below: 2) == 0,
                again: again
            )
        }

        private func takeIn(_ ended: [Cycle.Ended]) throws(CrashError) {
            for child in ended {
                for line in child.lines { fputs("process \(child.process): \(line.text)\n", log) }
                for id in child.lines.compactMap({ $0.verb == .published ? ParcelID($0.id) : nil })
                where id.process == child.process && (id.way == .alone || id.way == .beside) {
                    lastPublished.removeAll { $0.way == id.way }
                    lastPublished.append(id)
                }
                history.counts.kills += child.wasKilled ? 1 : 0
                history.counts.stops += child.isClean ? 1 : 0
                history.counts.selfKills += child.killedItself ? 1 : 0
            }
            history.counts.cycles += 1
            try history.takeIn(ended)
        }

        /// Prints what was told of an event.
        func printHistory(of id: String) {
            fflush(log)
            let lines = (try? String(contentsOfFile: path + "-told", encoding: .utf8)) ?? ""
            for line in lines.split(separator: "\n") where line.hasSuffix(" \(id)") { print("  \(line)") }
        }

        func remove() {
            for suffix in ["", "-wal", "-shm", "-subscriptions", "-told"] {
                try? FileManager.default.removeItem(atPath: path + suffix)
            }
        }
    }
#endif
