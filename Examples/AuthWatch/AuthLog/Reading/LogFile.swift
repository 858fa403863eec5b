#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file, or standard input, to read a log from.
public final class LogFile {
    private let path: String
    private let descriptor: CInt
    private let isOwned: Bool

    /// Opens a file.
    ///
    /// - Throws: ``LogFileError``, when the file is missing or may not be read.
    public init(path: String) throws(LogFileError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        isOwned = true
        if descriptor < 0 { throw LogFileError(path: path, code: errno) }
    }

    private init(standardInputCalled name: String) {
        path = name
        descriptor = STDIN_FILENO
        isOwned = false
    }

    /// Standard input.
    public static var standardInput: LogFile { LogFile(standardInputCalled: "standard input") }

    /// The size in bytes; nil where there is none, as with a pipe.
    public var size: Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Fills the front of a buffer, waiting for input where it has to, and returns how many bytes it wrote; 0 at the end.
    ///
    /// - Throws: ``LogFileError``, when the file can't be read: a directory, for instance.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogFileError) -> Int {
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Glibc)
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 { return count }
            if errno != EINTR { throw LogFileError(path: path, code: errno) }
        }
    }

    deinit {
        if isOwned, descriptor >= 0 { close(descriptor) }
    }
}
