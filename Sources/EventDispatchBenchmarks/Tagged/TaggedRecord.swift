import EventDispatch

/// The event of W6.
struct TaggedRecord: MatchableEvent {
    let env: String
    let number: String
    let tags: [String]
    let region: String
    let type: String

    struct MatchKeys: MatchKeySet {
        let env = Key(\.env)
        let number = Key(\.number)
        let tags = Key(\.tags)
        let region = Key(\.region)
        let type = Key(\.type)
    }
}
