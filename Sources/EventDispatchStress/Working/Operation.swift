/// A call of the library, by kind.
enum Operation: Int, CaseIterable {
    case fire, fireRefused, nestedFire, awaitedFire, cancelledFire, modifiedFire
    case subscribe, cancel, cancelAndWait, subscribeID, cancelID, loseOwner, mute
    case post, postRefused, drain, stop
    case next, sequence, explain, list, observe
}
