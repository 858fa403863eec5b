import Foundation

/// Where the program writes.
enum Console {
    /// Writes a line at once, for whoever watches.
    static func print(_ line: String) {
        Swift.print(line)
        fflush(nil)
    }
}
