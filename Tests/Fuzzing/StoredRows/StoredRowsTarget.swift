import Dispatch
import EventDispatch
import EventDispatchSQLite
import EventDispatchStore
import Foundation

/// Writes rows of any content into a store's tables, and delivers what is there.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafeRawPointer?, _ count: Int) -> CInt {
    var input = InputBytes(bytes, count: count)
    let rows = StoredRows(&input)
    let ended = DispatchSemaphore(value: 0)
    Task.detached {
        do {
            try await StoreTrial.shared.run(rows)
        } catch {
            fatalError("\(error)")
        }
        ended.signal()
    }
    ended.wait()
    return 0
}

/// The event that is subscribed to; some rows are of its name.
struct FuzzedEvent: StorableEvent {
    static let storedName = "fuzzed"
    let id: Int
    let region: String?

    struct MatchKeys: MatchKeySet {
        let id = Key(\.id)
        let region = Key(\.region)
    }
}

/// One store for all inputs: opening a file takes longer than what is tried.
actor StoreTrial {
    static let shared = StoreTrial()

    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString)").path
    private var opened: (store: SQLiteEventStore, connection: FuzzedFile)?

    /// Delivers what the rows make of a store. Whatever they are, a subscription catches up, or ends with an error of the store; and what is
    /// published afterwards to another is delivered.
    func run(_ rows: StoredRows) async throws {
        let (store, connection) = try await open()
        connection.fill(rows)
        do throws(EventStoreError) {
            try await deliver(store, rows)
        } catch {
            require(!error.message.isEmpty, "an error without a message")
        }
        try await store.forget("billing")
        let seen = Locked(0)
        let after = try await store.subscribe("after", order: .concurrent(8)) {
            On(FuzzedEvent.self) { Handle { event in seen.withLock { $0 += event.id } } }
        }
        try await store.publish(FuzzedEvent(id: 7, region: nil))
        try await after.caughtUp()
        require(seen.withLock { $0 } == 7, "the event after the rows isn't delivered")
        try await after.remove()
    }

    private func open() async throws -> (SQLiteEventStore, FuzzedFile) {
        if let opened { return opened }
        let store = try await SQLiteEventStore(at: path, retention: .forever)
        let opened = (store, FuzzedFile(at: path))
        self.opened = opened
        return opened
    }

    private func deliver(_ store: SQLiteEventStore, _ rows: StoredRows) async throws(EventStoreError) {
        let subscription: DurableSubscription
        do {
            subscription = try await store.subscribe(
                "billing",
                from: .beginning,
                order: rows.isOrdered ? .inOrder : .concurrent(4),
                retry: .immediate(attempts: 2)
            ) {
                On(FuzzedEvent.self) {
                    Where(\.id != 3)
                    Handle { event in if event.id == 5 { throw CancellationError() } }
                }
            }
        } catch let error as EventStoreError {
            throw error
        } catch {
            fatalError("\(error)")
        }
        _ = try await subscription.status
        _ = try await store.status(of: "billing")
        for letter in try await subscription.deadLetters() {
            require(!"\(letter)".isEmpty, "a letter without a description")
        }
        if !rows.waitsForLater {
            do {
                try await subscription.caughtUp()
            } catch let error as EventStoreError {
                throw error
            } catch {
                fatalError("\(error)")
            }
        }
        await subscription.stop()
    }
}
