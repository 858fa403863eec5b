import Foundation

/// How much the tests compute that repeat or generate what they try.
///
/// `swift test` takes the small form: seconds, on a slow machine too. `.ci/verify` runs the full one, built in release and in a process
/// of its own.
public enum TestForm {
    /// Whether the full form is asked for: `EVENT_DISPATCH_FORM=full`.
    public static let isFull = ProcessInfo.processInfo.environment["EVENT_DISPATCH_FORM"] == "full"

    /// How much longer than the full form tests try what they repeat: `EVENT_DISPATCH_EFFORT`.
    static let effort = ProcessInfo.processInfo.environment["EVENT_DISPATCH_EFFORT"].flatMap { Double($0) } ?? 1
}

/// How many rounds or elements a test takes: so many in the small form; in the full form so many, times the effort.
///
/// Prints the number, so that a long run shows that it was one.
public func scaled(_ small: Int, full: Int, _ test: String = #function) -> Int {
    let number = TestForm.isFull ? max(1, Int(Double(full) * TestForm.effort)) : small
    print("\(test) takes \(number)")
    return number
}
