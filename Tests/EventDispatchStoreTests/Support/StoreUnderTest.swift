import EventDispatchStore
import EventDispatchTesting
import Foundation
import TestSupport
import Testing

#if SQLite
    import EventDispatchSQLite
#endif

/// A store that the contract is tried on: the same tests run for each.
struct StoreUnderTest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (StoreClock, Retention) async throws -> any EventStore

    static let memory = StoreUnderTest(testDescription: "memory") { clock, retention in
        MemoryEventStore(retention: retention, clock: clock)
    }

    #if SQLite
        static let sqlite = StoreUnderTest(testDescription: "SQLite") { clock, retention in
            try await SQLiteEventStore(at: temporaryPath("events.sqlite"), retention: retention, clock: clock)
        }
        static let all = [memory, sqlite]
    #else
        static let all = [memory]
    #endif

    /// A store, and the clock that it is on.
    func callAsFunction(_ retention: Retention = .forever) async throws -> (any EventStore, ManualClock) {
        let clock = ManualClock()
        return (try await make(StoreClock(clock), retention), clock)
    }
}
