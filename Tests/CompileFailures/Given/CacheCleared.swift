import EventDispatch

/// An event that declares no keys.
struct CacheCleared: MatchableEvent {
    let region: String
    let size: Int
    let isWhole: Bool
    let reason: String?
}
