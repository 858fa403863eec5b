import EventDispatch

/// Where rules raise alerts: it numbers them for each address and fires them as events of their own.
final class AlertDesk: Sendable {
    private let addresses: AddressBook
    private let clock: LogClock

    init(addresses: AddressBook, clock: LogClock) {
        self.addresses = addresses
        self.clock = clock
    }

    /// Raises an alert about the address that an event came from.
    func raise(_ kind: AlertKind, about event: some SourcedEvent, _ text: String) throws {
        try raise(kind, about: event.address, at: event.time, text)
    }

    /// Raises an alert about an address.
    func raise(_ kind: AlertKind, about address: String, at time: String, _ text: String) throws {
        clock.move(to: time)
        let number = addresses.noteAlert(address)
        try fire(AlertRaised(time: time, address: address, kind: kind, numberForAddress: number, text: text))
    }

    /// Fires an event that a rule derived from others, at the dispatcher that runs the rule.
    func fire(_ event: some MatchableEvent) throws {
        try DispatchContext.current?.dispatcher.fireSynchronously(event)
    }
}
