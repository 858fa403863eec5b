import Foundation
import Testing

/// How much longer than usual tests try what they repeat: `EVENT_DISPATCH_EFFORT`.
private let effort = ProcessInfo.processInfo.environment["EVENT_DISPATCH_EFFORT"].flatMap { Double($0) } ?? 1

/// How often a test repeats what it tries: as often as usual, times the effort. Prints it, so that a long run shows that it was one.
func rounds(_ usual: Int, _ test: String = #function) -> Int {
    let rounds = max(1, Int(Double(usual) * effort))
    print("\(test) repeats it \(rounds) times")
    return rounds
}

extension Duration {
    /// A time that is long enough for as many rounds as usual, times the effort.
    static func forRounds(seconds: Double) -> Duration { .seconds(seconds * max(1, effort)) }
}

extension TimeLimitTrait.Duration {
    /// A time that is long enough for as many rounds as usual, times the effort.
    static func forRounds(minutes: Double) -> Self { .minutes(Int((minutes * max(1, effort)).rounded(.up))) }
}
