/// How a matched handler ended.
public enum HandlerResult: Sendable {
    /// It returned.
    case succeeded
    /// It threw.
    case failed(any Error)
    /// The task that fired was cancelled: before the handler started, or while it ran and it threw `CancellationError`.
    case cancelled
    /// It did not start.
    case skipped(SkipReason)

    /// Why a matched handler did not start.
    ///
    /// A structure rather than an enumeration, so that later versions can add reasons.
    public struct SkipReason: Hashable, Sendable, CustomStringConvertible {
        /// The reason's name, as in the source.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// Its subscription was cancelled after the event matched it.
        public static let unsubscribed = SkipReason("unsubscribed")
        /// Its owner was deallocated after the event matched it.
        public static let ownerGone = SkipReason("ownerGone")
    }
}

extension HandlerResult: CustomStringConvertible {
    /// The result's name, and the error or reason, on one line.
    public var description: String {
        switch self {
        case .succeeded: "succeeded"
        case .failed(let error): "failed: \(escapingControlCharacters("\(error)"))"
        case .cancelled: "cancelled"
        case .skipped(let reason): "skipped: \(reason)"
        }
    }
}
