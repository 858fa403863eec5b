/// A muting that begins or ends.
enum MuteChange: Sendable {
    case begin, end
}
