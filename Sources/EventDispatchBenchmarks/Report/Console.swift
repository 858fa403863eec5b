import Foundation

/// Where the program writes.
enum Console {
    /// Writes a line of results at once, for whoever watches.
    static func print(_ line: String) {
        Swift.print(line)
        fflush(nil)
    }

    /// Writes a line beside the results.
    static func note(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
