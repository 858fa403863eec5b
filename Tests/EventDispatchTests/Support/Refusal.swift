import EventDispatch

extension EventDispatcher {
    /// Whether a fire is refused, as it is while the dispatcher stops.
    func refuses<Event: MatchableEvent>(_ event: Event) -> Bool {
        do { try fireSynchronously(event) } catch { return true }
        return false
    }
}

/// The error with which a registration is refused; nil when it is not.
///
/// Not `#expect(throws:)`, because inside a macro's argument `#line` stands for the line of the macro.
func refusal(of register: () throws(DispatchError) -> EventSubscription) -> DispatchError? {
    do {
        try register().cancel()
        return nil
    } catch {
        return error
    }
}
