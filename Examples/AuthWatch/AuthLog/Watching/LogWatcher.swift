import EventDispatch

/// Reads a log line by line, and fires what it says at a dispatcher that the rules are subscribed to.
public final class LogWatcher {
    /// How the lines divide so far.
    public private(set) var lineCounts = LineCounts()
    /// The first lines that were not understood.
    public private(set) var examples: [ExampleLine] = []
    /// What the rules counted so far.
    public let counts = WatchCounts()
    /// What the rules remember.
    public let addresses: AddressBook

    private var lastLine = LogLine.blank
    private let limits: WatchLimits
    private let parser = LogLineParser()
    private let dispatcher: EventDispatcher
    private let subscription: EventSubscription
    private static let mostExamples = 3

    /// Makes a watcher.
    ///
    /// - Parameters:
    ///   - limits: from when on the rules raise and show alerts.
    ///   - announce: prints what the rules have to say.
    /// - Throws: `DispatchError`, for limits below 1.
    public init(
        limits: WatchLimits = WatchLimits(),
        announce: @escaping @Sendable (Announcement) -> Void = { _ in }
    ) throws {
        let clock = LogClock()
        dispatcher = EventDispatcher(name: "AuthWatch", clock: clock)
        self.limits = limits
        addresses = AddressBook(limits: limits)
        let rules = AuthWatchRules(
            limits: limits,
            addresses: addresses,
            counts: counts,
            desk: AlertDesk(addresses: addresses, clock: clock),
            announce: announce
        )
        subscription = try rules.register(with: dispatcher)
    }

    /// Lets an observer watch what is fired, from now on.
    public func observe(with observer: any DispatchObserver) { dispatcher.observe(with: observer) }

    /// Takes in all lines of a reader, to its end.
    public func watch(_ reader: inout LineReader) throws {
        while let line = try reader.nextLine() { try take(line) }
    }

    /// Takes in one line.
    public func take(_ line: ArraySlice<UInt8>) throws {
        let parsed = resolved(parser.parse(line))
        lastLine = parsed
        lineCounts.note(parsed)
        switch parsed {
        case .event(let event): try event.fire(at: dispatcher)
        case .notUnderstood where examples.count < Self.mostExamples:
            examples.append(ExampleLine(number: lineCounts.lines, bytes: line))
        default: break
        }
    }

    /// A repetition of a failed login is one. Other repetitions change no count that matters.
    private func resolved(_ line: LogLine) -> LogLine {
        guard
            case .repetition(let time, let times) = line, times > 0,
            case .event(.loginFailed(let failure)) = lastLine
        else { return line }
        return .event(.loginFailed(failure.repeated(times, at: time)))
    }

    /// What there is to say at the end.
    public func summary(cutLines: Int, duration: Duration) -> WatchSummary {
        WatchSummary(
            lineCounts: lineCounts,
            cutLines: cutLines,
            examples: examples,
            events: counts.events.rows.filter { $0.count > 0 },
            handlers: counts.handlers.rows,
            failedPasswords: counts.failedPasswords.value,
            alertsShown: counts.alertsShown.value,
            addressCount: addresses.count,
            addresses: addresses.top(WatchSummary.mostAddresses).map {
                WatchSummary.AddressRow(
                    address: $0.address,
                    failures: $0.record.failures,
                    users: $0.record.users.count,
                    mayBeMoreUsers: $0.record.users.count == limits.users,
                    alerts: $0.record.alerts
                )
            },
            duration: duration
        )
    }
}
