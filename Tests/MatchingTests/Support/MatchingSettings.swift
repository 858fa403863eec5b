import Foundation
import TestSupport

/// How much the generated cases compare, and from which seed.
struct MatchingSettings: Sendable {
    /// What everything random follows from: the variable `EVENT_DISPATCH_SEED`, otherwise another one each time.
    var seed: UInt64
    /// How many pairs of a live filter and an event are compared at least: `EVENT_DISPATCH_PAIRS`, otherwise a million in the full form and 10,000 in the small one.
    var pairs: Int

    static func fromEnvironment() -> MatchingSettings {
        let environment = ProcessInfo.processInfo.environment
        return MatchingSettings(
            seed: environment["EVENT_DISPATCH_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000_000_000),
            pairs: environment["EVENT_DISPATCH_PAIRS"].flatMap { Int($0) } ?? (TestForm.isFull ? 1_000_000 : 10_000)
        )
    }
}
