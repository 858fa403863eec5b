/// The work that was left when a dispatcher stopped.
public struct StopReport: Hashable, Sendable, CustomStringConvertible {
    /// The names of posted events whose turn did not come, in the order of their posting. They are dropped.
    public let undelivered: [String]
    /// How many fires were still in progress.
    public let firesInProgress: Int
    /// How many handlers that had ignored their time-out were still running.
    public let handlersOverrunning: Int
    /// How many posts were refused or dropped in the dispatcher's life, those undelivered included.
    public let dropped: Int

    /// Whether nothing was left: every posted event was fired and every handler had ended.
    public var isComplete: Bool { undelivered.isEmpty && firesInProgress == 0 && handlersOverrunning == 0 }

    /// The counts, on one line.
    public var description: String {
        "\(undelivered.count) undelivered, \(firesInProgress) fires in progress, "
            + "\(handlersOverrunning) handlers overrunning, \(dropped) posts dropped"
    }
}
