/// How often a handler that failed is started again, and after which pauses.
///
/// ```swift
/// Handle("charge") { event in try await bank.charge(event.total) }
///     .retry(.exponential(from: .milliseconds(100), upTo: .seconds(10), attempts: 5))
/// ```
///
/// A number is a policy too: `.retry(3)` makes up to three more attempts after the first, without pauses.
public struct RetryPolicy: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// How many attempts there are in all, the first included.
    public let attempts: Int
    /// The pause before the second attempt.
    public let firstPause: Duration
    /// How many times longer each pause is than the one before.
    public let growth: Int
    /// The longest pause.
    public let longestPause: Duration

    /// No pauses.
    ///
    /// - Parameter attempts: how many attempts there are in all, the first included.
    public static func immediate(attempts: Int) -> RetryPolicy {
        RetryPolicy(attempts: attempts, firstPause: .zero, growth: 1, longestPause: .zero)
    }

    /// The same pause before each further attempt.
    ///
    /// - Parameters:
    ///   - pause: the pause.
    ///   - attempts: how many attempts there are in all, the first included.
    public static func constant(_ pause: Duration, attempts: Int) -> RetryPolicy {
        RetryPolicy(attempts: attempts, firstPause: pause, growth: 1, longestPause: pause)
    }

    /// A pause before the second attempt, and each further one twice as long as the one before.
    ///
    /// - Parameters:
    ///   - pause: the first pause.
    ///   - longest: the longest pause; the others are cut to it.
    ///   - attempts: how many attempts there are in all, the first included.
    public static func exponential(
        from pause: Duration,
        upTo longest: Duration = .seconds(60),
        attempts: Int
    ) -> RetryPolicy {
        RetryPolicy(attempts: attempts, firstPause: pause, growth: 2, longestPause: longest)
    }

    /// Up to so many more attempts after the first, without pauses.
    public init(integerLiteral retries: Int) {
        self = .immediate(attempts: retries == .max ? retries : retries + 1)
    }

    private init(attempts: Int, firstPause: Duration, growth: Int, longestPause: Duration) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.growth = growth
        self.longestPause = longestPause
    }

    /// The pause before an attempt; zero before the first.
    public func pause(beforeAttempt attempt: Int) -> Duration {
        guard attempt > 1 else { return .zero }
        var pause = min(firstPause, longestPause)
        for _ in 2..<attempt {
            // A pause that doesn't grow, or can't grow any more, is what it is however many follow.
            guard growth > 1, pause > .zero, pause < longestPause else { break }
            pause = pause > longestPause / growth ? longestPause : pause * growth
        }
        return pause
    }

    /// Whether there is a pause.
    var pauses: Bool { firstPause > .zero }

    /// What can't be right; nil where nothing is wrong.
    package var defect: String? {
        if attempts < 1 { return "has \(attempts) attempts; the least is 1" }
        if firstPause < .zero { return "has a pause of \(firstPause); the least is none" }
        if longestPause < firstPause { return "has \(longestPause) as longest pause, and begins with \(firstPause)" }
        return nil
    }
}
