import Synchronization

/// What is remembered about every address. It grows with distinct addresses, not with lines.
public final class AddressBook: Sendable {
    private let limits: WatchLimits
    private let records = Mutex<[String: AddressRecord]>([:])

    init(limits: WatchLimits) { self.limits = limits }

    /// What is remembered about an address.
    public subscript(address: String) -> AddressRecord { records.withLock { $0[address] ?? AddressRecord() } }

    /// How many addresses are remembered.
    public var count: Int { records.withLock { $0.count } }

    /// Notes a failed login, and returns what the address stands out by from now on.
    func noteFailure(_ event: LoginFailed) -> [AddressStoodOut] {
        note(event) { [$0.noteFailures(event.attempts, limits: limits), $0.noteUser(event.user, limits: limits)] }
    }

    /// Notes a user that does not exist, and returns what the address stands out by from now on.
    func noteUser(_ event: UnknownUserNamed) -> [AddressStoodOut] {
        note(event) { [$0.noteUser(event.user, limits: limits)] }
    }

    /// Notes a login, if anything is remembered about its address.
    func noteLogin(_ event: LoginAccepted) { records.withLock { $0[event.address]?.noteLogin() } }

    /// Notes an alert about an address, and returns its number.
    func noteAlert(_ address: String) -> Int { records.withLock { $0[address, default: AddressRecord()].noteAlert() } }

    /// The addresses with most failures, then with most alerts.
    public func top(_ count: Int) -> [(address: String, record: AddressRecord)] {
        let records = records.withLock { $0 }
        return records.sorted { left, right in
            let (first, second) = (left.value, right.value)
            return (second.failures, second.alerts, left.key) < (first.failures, first.alerts, right.key)
        }.prefix(count).map { ($0.key, $0.value) }
    }

    private func note(
        _ event: some SourcedEvent,
        _ change: (inout AddressRecord) -> [AddressStoodOut.Mark?]
    ) -> [AddressStoodOut] {
        records.withLock { records in
            let marks = change(&records[event.address, default: AddressRecord()])
            guard let record = records[event.address] else { return [] }
            return marks.compactMap { $0 }.map { mark in
                AddressStoodOut(
                    time: event.time,
                    address: event.address,
                    mark: mark,
                    count: mark == .manyUsers ? record.users.count : record.failures
                )
            }
        }
    }
}
