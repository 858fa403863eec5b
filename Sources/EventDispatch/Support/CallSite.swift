/// The place in the source from which something was declared or called.
///
/// Clauses, subscriptions and fires remember theirs, so that an error, a report and a listing can say where to look.
public struct CallSite: Hashable, Sendable, CustomStringConvertible {
    /// `Module/File.swift`, as `#fileID` gives it.
    public let fileID: String
    /// The line, counted from 1.
    public let line: Int

    /// Makes a call site; the defaults stand for the place of the call.
    public init(fileID: String = #fileID, line: Int = #line) {
        self.fileID = fileID
        self.line = line
    }

    /// `Module/File.swift:12`, with control characters escaped.
    public var description: String { "\(escapingControlCharacters(fileID)):\(line)" }
}
