import Foundation

/// A call of the operating system failed.
public struct SystemError: Error, CustomStringConvertible {
    /// What failed.
    public let call: String
    /// The number of the error.
    public let number: Int32

    init(_ call: String) {
        number = errno
        self.call = call
    }

    /// What failed and why, in words.
    public var description: String { "\(call): \(String(cString: strerror(number)))" }
}
