import Synchronization

/// A clock that shows the time of the log, so that limits within a span of time mean the server's hours, however fast the log is read.
///
/// It goes by what alerts say of when they happened. Times that are not understood, and lines out of order, don't move it.
final class LogClock: Clock, Sendable {
    /// How long after the beginning of the calendar something happened. All months have 31 days here, so spans across the end of a
    /// shorter one are up to three days too long.
    struct Instant: InstantProtocol {
        let offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let year = 12 * 31 * 24 * 60 * 60

    private let seconds = Mutex(0)

    var now: Instant { Instant(offset: .seconds(seconds.withLock { $0 })) }
    var minimumResolution: Duration { .seconds(1) }

    /// Nobody sleeps on a log.
    func sleep(until deadline: Instant, tolerance: Duration?) async throws { try Task.checkCancellation() }

    /// Moves the clock to a time as the log writes it.
    func move(to time: String) {
        guard let new = Self.seconds(in: time) else { return }
        seconds.withLock { now in
            // A log without years begins anew with January.
            let isNextYear = new < now % Self.year - Self.year / 2 && new < Self.year
            let year = new < Self.year ? now / Self.year + (isNextYear ? 1 : 0) : 0
            now = max(now, year * Self.year + new)
        }
    }

    /// `Dec 10 06:55:46`, or `2024-12-10T06:55:46` with whatever follows.
    private static func seconds(in time: String) -> Int? {
        let words = time.split { $0 == " " || $0 == "T" }
        guard let clock = words.last?.prefix(8).split(separator: ":"), clock.count == 3 else { return nil }
        let date = words[0].split(separator: "-")
        let (year, month, day): (Int?, Int?, Int?)
        if date.count == 3 {
            (year, month, day) = (Int(date[0]), Int(date[1]), Int(date[2]))
        } else {
            guard words.count >= 3 else { return nil }
            let place = months.firstIndex(of: String(words[words.count - 3]))
            (year, month, day) = (0, place.map { $0 + 1 }, Int(words[words.count - 2]))
        }
        guard let year, let month, let day, let hour = Int(clock[0]), let minute = Int(clock[1]),
            let second = Int(clock[2]),
            (0...9_999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        return ((((year * 12 + month - 1) * 31 + day - 1) * 24 + hour) * 60 + minute) * 60 + second
    }
}
