import EventDispatch

private struct AccountClosed: MatchableEvent {
    let name: String

    struct MatchKeys: MatchKeySet {
        let name = Key(\.nam)  // error: value of type 'AccountClosed' has no member 'nam'
    }
}
