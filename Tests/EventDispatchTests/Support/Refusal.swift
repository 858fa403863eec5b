import EventDispatch

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
