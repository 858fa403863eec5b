import EventDispatchStore
import EventDispatchTesting
import Foundation
import TestSupport
import Testing

#if NATS
    import EventDispatchNATS
#endif

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
        private static let files = [sqlite]
    #else
        private static let files: [StoreUnderTest] = []
    #endif

    #if NATS
        /// A server that is there or is started, as `NATSServer` says; each store has streams of its own.
        static let nats = StoreUnderTest(testDescription: "NATS") { clock, retention in
            try await NATSEventStore(
                NATSOptions(try #require(NATSServer.sharedURL)),
                stream: "test-\(UUID().uuidString)",
                retention: retention,
                clock: clock
            )
        }
        private static let brokers = NATSServer.sharedURL == nil ? [] : [nats]
    #else
        private static let brokers: [StoreUnderTest] = []
    #endif

    static let all = [memory] + files + brokers

    /// A store, and the clock that it is on.
    func callAsFunction(_ retention: Retention = .forever) async throws -> (any EventStore, ManualClock) {
        let clock = ManualClock()
        return (try await make(StoreClock(clock), retention), clock)
    }
}
