import EventDispatch

/// The event of W1 to W5.
struct Record: MatchableEvent {
    let type: String
    let user: String
    let role: String
    let name: String
    let amount: Int

    struct MatchKeys: MatchKeySet {
        let type = Key(\.type)
        let user = Key(\.user)
        let role = Key(\.role)
        let name = Key(\.name)
        let amount = Key(\.amount)
    }
}
