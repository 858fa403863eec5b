/// One error or warning of the compiler, or what a case says about one.
struct Diagnostic: Hashable, CustomStringConvertible {
    enum Severity: String, CaseIterable { case error, warning }

    /// Nil for what the compiler reports without a place.
    let file: String?
    let line: Int
    let severity: Severity
    /// The message, or the part of it that is expected.
    let message: String

    var description: String { "\(file.map { "\($0):\(line): " } ?? "")\(severity): \(message)" }
}
