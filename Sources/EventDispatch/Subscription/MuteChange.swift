/// A muting that begins or ends, as what it adds to the halts of a subscription.
enum MuteChange: Int32, Sendable {
    case begin = 2
    case end = -2
}
