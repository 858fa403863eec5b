#if SQLite
    import Foundation
    import ProgramSupport

    /// One or two children on a file, from their start to their ends.
    struct Cycle {
        /// What becomes of a child.
        enum Plan {
            /// It is killed so many milliseconds after its start, whatever it has come to.
            case killEarly(Int)
            /// It is killed so many milliseconds after it is up.
            case kill(Int)
            /// It is told to stop so many milliseconds after it is up.
            case stop(Int)
            /// It ends by itself.
            case finish

            var milliseconds: Int? {
                switch self {
                case .killEarly(let moment), .kill(let moment), .stop(let moment): moment
                case .finish: nil
                }
            }
        }

        /// A child that has ended.
        struct Ended {
            let process: Int
            let spawned: UInt64
            let lines: [Line]
            /// Whether it let all of its deliveries end.
            let isClean: Bool
            let wasKilled: Bool
            /// Whether a handler ended it.
            let killedItself: Bool
        }

        /// How long a child may live, in nanoseconds: none is planned to live longer than a second, or has more to handle than in a few.
        private static let patience: UInt64 = 120_000_000_000

        /// Starts children, carries out what is planned for them, and returns when all have ended.
        static func run(_ planned: [(order: ChildOrder, plan: Plan)]) throws(CrashError) -> [Ended] {
            var children: [(child: ChildProcess, plan: Plan, isDone: Bool)] = []
            for (order, plan) in planned {
                children.append((try ChildProcess(order.process, order.arguments), plan, false))
            }
            while children.contains(where: { !$0.child.isAtEnd }) {
                var pause: UInt64 = 1_000
                for index in children.indices where !children[index].child.isAtEnd {
                    let left = try carryOut(children[index].plan, children[index].child, &children[index].isDone)
                    pause = min(pause, left)
                }
                try ChildProcess.listen(to: children.map(\.child), milliseconds: Int32(pause))
            }
            var ended: [Ended] = []
            for (child, _, _) in children { ended.append(try end(of: child)) }
            return ended
        }

        /// Does what is planned when its time has come; returns in how many milliseconds to look again.
        private static func carryOut(
            _ plan: Plan,
            _ child: ChildProcess,
            _ isDone: inout Bool
        ) throws(CrashError) -> UInt64 {
            let now = Line.now
            guard now < child.spawned + patience else {
                child.kill()
                throw CrashError("process \(child.number) doesn't end")
            }
            guard !isDone, let moment = plan.milliseconds else { return 1_000 }
            let isEarly = if case .killEarly = plan { true } else { false }
            guard let start = isEarly ? child.spawned : child.opened else { return 1 }
            let due = start + UInt64(moment) * 1_000_000
            guard now >= due else { return (due - now + 999_999) / 1_000_000 }
            isDone = true
            if case .stop = plan { child.requestStop() } else { child.kill() }
            return 1_000
        }

        private static func end(of child: ChildProcess) throws(CrashError) -> Ended {
            let process = child.number
            if let fault = child.lines.first(where: { $0.verb == .fault }) { throw CrashError(fault.id) }
            var isClean = false
            var (wasKilled, killedItself) = (false, false)
            switch child.reap() {
            case .killed:
                wasKilled = true
            case .killedItself:
                let isPoisoned = child.lines.contains { $0.verb == .begins && Parcel($0.id).poisoned == $0.taker }
                guard isPoisoned else { throw CrashError("process \(process) was killed by somebody else") }
                killedItself = true
            case .exited(0):
                isClean = child.lines.contains { $0.verb == .stopped }
            case .exited(let status):
                throw CrashError("process \(process) ended with status \(status)")
            case .crashed(let signal):
                throw CrashError("process \(process) ended by signal \(signal)")
            }
            return Ended(
                process: process,
                spawned: child.spawned,
                lines: child.lines,
                isClean: isClean,
                wasKilled: wasKilled,
                killedItself: killedItself
            )
        }
    }
#endif
