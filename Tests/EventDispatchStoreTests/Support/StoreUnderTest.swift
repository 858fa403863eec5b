import EventDispatchStore
import EventDispatchTesting
import Foundation
import Testing

/// A store that the contract is tried on: the same tests run for each.
struct StoreUnderTest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (StoreClock, Retention) async throws -> any EventStore

    static let all = [
        StoreUnderTest(testDescription: "memory") { clock, retention in
            MemoryEventStore(retention: retention, clock: clock)
        }
    ]

    /// A store, and the clock that it is on.
    func callAsFunction(_ retention: Retention = .forever) async throws -> (any EventStore, ManualClock) {
        let clock = ManualClock()
        return (try await make(StoreClock(clock), retention), clock)
    }
}
