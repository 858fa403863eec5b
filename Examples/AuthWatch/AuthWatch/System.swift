#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The little of the operating system that the program needs.
enum System {
    /// Where text goes.
    enum Output: CInt, Sendable {
        case standard = 1
        case error = 2

        var isTerminal: Bool { isatty(rawValue) == 1 }
    }

    /// Whether a terminal should be written to in colours: https://no-color.org
    static var wantsColours: Bool {
        Output.standard.isTerminal && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
    }

    /// Writes all bytes, however many calls that takes.
    static func write(_ bytes: [UInt8], to output: Output) throws(CommandFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeOnce(output.rawValue, $0) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                throw .readerGone
            } else if errno != EINTR {
                let reason = strerror(errno).map { String(cString: $0) } ?? ""
                throw CommandFailure(message: "can't write: \(reason)", status: 1)
            }
        }
    }

    /// Ends the program, saying why unless nobody listens.
    static func end(_ failure: CommandFailure) -> Never {
        if !failure.message.isEmpty { try? write(Array("\(failure.line)\n".utf8), to: .error) }
        exit(failure.status)
    }

    private static func writeOnce(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
            Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
