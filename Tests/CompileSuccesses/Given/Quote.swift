import EventDispatch

struct Quote: MatchableEvent {
    typealias Reply = Int
    let amount: Int
}
