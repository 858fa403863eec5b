/// A fault of a store: what is wrong, in which call, and whether to try again.
public struct EventStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A kind of fault, for code that reacts to one.
    ///
    /// A structure rather than an enumeration, so that later versions can add codes.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's name, as in the source.
        public let description: String

        /// Makes a code from its name; for stores that have faults of their own.
        public init(_ description: String) { self.description = description }

        /// The subscription is delivered by somebody else already.
        public static let alreadySubscribed = Code("alreadySubscribed")
        /// The subscription is stopped, or removed.
        public static let stopped = Code("stopped")
        /// A handler of the subscription would have to wait for itself.
        public static let waitsForItself = Code("waitsForItself")
        /// There is no subscription of the name.
        public static let noSubscription = Code("noSubscription")
        /// There is no dead letter of the sequence.
        public static let noDeadLetter = Code("noDeadLetter")
        /// The event can't be encoded.
        public static let notEncodable = Code("notEncodable")
        /// There isn't one ID for each event.
        public static let wrongIDs = Code("wrongIDs")
        /// Two types of events have the same stored name.
        public static let ambiguousName = Code("ambiguousName")
        /// The store can't be reached.
        public static let unavailable = Code("unavailable")
        /// There is no room left.
        public static let full = Code("full")
        /// Somebody else writes, and has done so for longer than the store waits.
        public static let locked = Code("locked")
        /// The store can't be written to.
        public static let readOnly = Code("readOnly")
        /// The system can't read or write what is stored.
        public static let inputOutput = Code("inputOutput")
        /// The file of the store has been removed or replaced.
        public static let fileGone = Code("fileGone")
        /// The file is no database.
        public static let notADatabase = Code("notADatabase")
        /// A later version of this package, which this one doesn't understand, has written the store.
        public static let wrongVersion = Code("wrongVersion")
        /// The event is larger than the store takes.
        public static let tooLarge = Code("tooLarge")
        /// The caller's connection isn't in a transaction.
        public static let noTransaction = Code("noTransaction")
        /// The caller's connection is open on another file.
        public static let otherFile = Code("otherFile")
        /// The lease of an event is lost: somebody else may have it.
        public static let leaseLost = Code("leaseLost")
        /// The server doesn't let this program in, or doesn't let it do this.
        public static let notPermitted = Code("notPermitted")
        /// The stream of the store has been deleted.
        public static let streamGone = Code("streamGone")
        /// What the server has differs from what this program asks for.
        public static let otherConfiguration = Code("otherConfiguration")
        /// What is stored can't be read.
        public static let corrupt = Code("corrupt")
    }

    /// The kind of fault.
    public let code: Code
    /// What is wrong, in a sentence.
    public let message: String
    /// Whether the same call may succeed later. Subscriptions pause then, and go on by themselves; at another fault they end.
    public let isTransient: Bool

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: the kind of fault.
    ///   - message: what is wrong, in a sentence.
    ///   - isTransient: whether the same call may succeed later.
    public init(_ code: Code, _ message: String, isTransient: Bool = false) {
        self.code = code
        self.message = message
        self.isTransient = isTransient
    }

    /// The code, then the message.
    public var description: String { "\(code): \(message)" }
}
