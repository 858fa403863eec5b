/// A muting that begins or ends, as what it adds to the halts of a subscription.
enum MuteChange: Int, Sendable {
    case begin = 2
    case end = -2
}
