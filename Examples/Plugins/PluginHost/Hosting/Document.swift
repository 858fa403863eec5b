import Synchronization

/// The text that commands work on.
public final class Document: Sendable {
    private let storage: Mutex<String>

    /// Makes a document.
    public init(_ text: String) { storage = Mutex(text) }

    /// The text as it is now.
    public var text: String { storage.withLock { $0 } }

    /// Replaces the text by what the closure makes of it.
    public func edit(_ change: (String) -> String) { storage.withLock { $0 = change($0) } }
}
