#if SQLite
    import EventDispatchStore
    import EventDispatchTracing
    import Foundation
    import OrderService

    /// The program: does what the command line asks for.
    struct OrdersProgram {
        private static let deadline = Duration.seconds(5)
        private static let mostListed = 10

        /// Runs the program, and returns its exit status.
        func run(_ arguments: [String]) async -> Int32 {
            var arguments = arguments
            do {
                let broker = try await broker(namedIn: &arguments)
                return try await run(Arguments(arguments), through: broker)
            } catch {
                Console.complain(Self.text(of: error))
                return 1
            }
        }

        private func run(_ arguments: Arguments, through broker: (any EventStore)?) async throws -> Int32 {
            let console = Console()
            switch arguments {
            case .help:
                console.print(Arguments.usage)
            case .run(let file, let source, let page):
                return try await run(OrderService(at: file, through: broker), source, tracing: page)
            case .status(let file):
                let service = try await OrderService.existing(at: file, through: broker)
                console.print("orders: \(try await service.book.orderCount())")
                for (name, status) in try await service.status() {
                    console.print("\(name): \(status.map { "\($0)" } ?? "not opened yet")")
                }
            case .dead(let file):
                let letters = try await OrderService.existing(at: file, through: broker).deadLetters()
                for (name, letter) in letters { console.print(Self.text(name, letter)) }
                if letters.isEmpty { console.print("no dead letters") }
            case .redeliver(let file, let sequences):
                let count = try await OrderService.existing(at: file, through: broker).redeliver(sequences)
                console.print("dead letters that are delivered again, at once if the service runs: \(count)")
            case .check(let file):
                let check = try await OrderService.existing(at: file, through: broker).check()
                for line in check.report { console.print(line) }
                return check.faults.isEmpty ? 0 : 1
            }
            return 0
        }

        private static func text(of error: any Error) -> String {
            (error as? EventStoreError).map { printable($0.message) } ?? printable("\(error)")
        }

        private static func text(_ name: String, _ letter: DeadLetter) -> String {
            let order = try? letter.event.decoded(as: OrderPlaced.self)
            let what = order.map { "order \($0.number) of \($0.customer)" } ?? letter.event.name
            let errors = letter.errors.map { ": \($0)" }.joined()
            let line =
                "\(name) \(letter.sequence): \(what), \(letter.reason) after \(letter.attempts) attempts\(errors)"
            return printable(line)
        }
    }

    // A run: orders are taken and delivered until all are done, or until a signal.

    extension OrdersProgram {
        private enum Happening: Sendable {
            /// Time to look how far it is.
            case tick
            /// SIGTERM or SIGINT.
            case signal
            /// All is done; false where lines of the input weren't orders.
            case done(Bool)
            case failed(any Error)
        }

        /// How many deliveries a trace keeps: the last ones.
        private static let tracedDeliveries = 20_000

        /// Runs the service. The trace is written however the run ends, if the process isn't killed.
        private func run(
            _ service: OrderService,
            _ source: Arguments.OrderSource,
            tracing page: String?
        ) async throws -> Int32 {
            guard let page else { return try await run(service, source, nil) }
            let trace = EventDispatchTrace(capacity: Self.tracedDeliveries) { "\($0)" }
            let status: Int32
            do {
                status = try await run(service, source, trace)
            } catch {
                try? trace.write(to: page)
                throw error
            }
            try trace.write(to: page)
            return status
        }

        private func run(
            _ service: OrderService,
            _ source: Arguments.OrderSource,
            _ trace: EventDispatchTrace?
        ) async throws -> Int32 {
            let (happenings, tell) = AsyncStream.makeStream(of: Happening.self)
            let signals = TerminationSignals { tell.yield(.signal) }
            let departments = try await service.deliver(observers: trace.map { [$0] } ?? [])
            let start = ContinuousClock.now
            let work = Task {
                do {
                    tell.yield(.done(try await takeOrders(from: source, service, departments)))
                } catch {
                    tell.yield(.failed(error))
                }
            }
            let ticks = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .milliseconds(200))
                    tell.yield(.tick)
                }
            }
            defer {
                work.cancel()
                ticks.cancel()
                signals.ignoreNoMore()
            }
            var console = Console()
            for await happening in happenings {
                switch happening {
                case .tick:
                    guard console.wantsProgress() else { break }
                    console.showProgress(try await progress(service, departments, since: start))
                case .signal:
                    signals.ignoreNoMore()
                    work.cancel()
                    console.print("stopping")
                    await stop(departments, console)
                    return 0
                case .done(let isWhole):
                    try await summarize(service, console, since: start)
                    await departments.stop(deadline: Self.deadline)
                    return isWhole ? 0 : 1
                case .failed(let error):
                    console.endProgress()
                    await departments.stop(deadline: .zero)
                    throw error
                }
            }
            return 0
        }

        private func takeOrders(
            from source: Arguments.OrderSource,
            _ service: OrderService,
            _ departments: Departments
        ) async throws -> Bool {
            var isWhole = true
            switch source {
            case .generator(let last):
                try await service.takeGenerated(upTo: last)
            case .standardInput:
                let input = StandardInput()
                try await service.takeLines(input.nextLine) { line, error in
                    Console.complain("line \(line) is left out: \(error)")
                    isWhole = false
                }
            }
            try await departments.caughtUp()
            return isWhole
        }

        private func progress(
            _ service: OrderService,
            _ departments: Departments,
            since start: ContinuousClock.Instant
        ) async throws -> String {
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            var (parts, dead, notes) = (["\(try await service.book.orderCount()) orders"], 0, [String]())
            for subscription in departments.subscriptions {
                let (name, status) = (subscription.name, try await subscription.status)
                parts.append("\(name) \(status.waiting + status.inFlight + status.retrying.count) to do")
                dead += status.dead
                if status.deliverer == .elsewhere { notes.append("\(name) stands by") }
                if let fault = status.fault { notes.append("\(name) waits: \(fault.code)") }
            }
            if let forwarding = departments.forwarding {
                let status = try await forwarding.status
                parts.append("\(status.waiting + status.inFlight) to forward")
                if let fault = status.fault { notes.append("forwarding waits: \(fault.code)") }
            }
            parts += ["\(dead) dead", "\(Int(Double(service.counts.deliveries) / seconds)) a second"]
            return (parts + notes).joined(separator: ", ")
        }

        private func stop(_ departments: Departments, _ console: Console) async {
            for (name, report) in await departments.stop(deadline: Self.deadline) {
                var line = "\(name): \(report.givenBack.count) given back"
                if !report.interrupted.isEmpty { line += ", \(report.interrupted.count) interrupted" }
                if !report.unacknowledged.isEmpty { line += ", \(report.unacknowledged.count) not acknowledged" }
                console.print(line)
            }
        }

        private func summarize(
            _ service: OrderService,
            _ console: Console,
            since start: ContinuousClock.Instant
        ) async throws {
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let counts = service.counts
            let all = try await service.book.orderCount()
            console.print("\(all) orders, \(counts.orders) of them taken in this run")
            for name in OrderService.subscriptions {
                console.print("\(name): \(counts.deliveries(to: name)) delivered in this run")
            }
            let letters = try await service.deadLetters()
            console.print("dead letters: \(letters.count)")
            for (name, letter) in letters.prefix(Self.mostListed) { console.print("  \(Self.text(name, letter))") }
            if letters.count > Self.mostListed { console.print("  and so on: Orders dead --file …") }
            let orderRate = Int(Double(counts.orders) / seconds)
            let deliveryRate = Int(Double(counts.deliveries) / seconds)
            let tenths = Int(seconds * 10)
            console.print(
                "\(tenths / 10).\(tenths % 10) s: \(orderRate) orders and \(deliveryRate) deliveries a second"
            )
        }
    }

    /// SIGTERM and SIGINT, as something that is told instead of ending the process.
    private final class TerminationSignals: Sendable {
        private static let numbers = [SIGTERM, SIGINT]
        // Kept alive; nothing else is done with them.
        nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

        init(_ receive: @escaping @Sendable () -> Void) {
            sources = Self.numbers.map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler(handler: receive)
                // A signal that came before would be lost.
                let isRegistered = DispatchSemaphore(value: 0)
                source.setRegistrationHandler { isRegistered.signal() }
                source.resume()
                isRegistered.wait()
                return source
            }
        }

        /// The next signal ends the process.
        func ignoreNoMore() { for number in Self.numbers { signal(number, SIG_DFL) } }
    }

    /// Standard input, line by line, read on a thread of its own.
    private final class StandardInput: Sendable {
        private let queue = DispatchQueue(label: "orders.input")

        func nextLine() async -> String? {
            await withCheckedContinuation { continuation in
                queue.async { continuation.resume(returning: readLine()) }
            }
        }
    }
#endif
