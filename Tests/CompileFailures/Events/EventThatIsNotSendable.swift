import EventDispatch

private final class AccountClosed: MatchableEvent {
    var name = ""  // error: stored property 'name' of 'Sendable'-conforming class 'AccountClosed' is mutable
}
