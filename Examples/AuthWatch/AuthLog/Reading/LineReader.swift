/// Takes a stream of bytes apart into lines, in bounded memory.
///
/// Lines end in LF or CR LF; the last one need not. A line longer than ``longestLine`` is cut to that length.
public struct LineReader {
    /// The longest line, in bytes.
    public static let longestLine = 65_536

    /// How many lines were cut so far.
    public private(set) var cutLines = 0
    /// How many bytes were read so far.
    public private(set) var bytesRead = 0

    private let read: (UnsafeMutableRawBufferPointer) throws -> Int
    /// What was read and not yet handed out is `buffer[next..<end]`.
    private var buffer: [UInt8]
    private var next = 0
    private var end = 0
    private var isAtEnd = false

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Makes a reader.
    ///
    /// - Parameter read: fills the front of a buffer and returns how many bytes it wrote; 0 at the end.
    public init(read: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) {
        self.read = read
        buffer = Array(repeating: 0, count: 4 * Self.longestLine)
    }

    /// Makes a reader of bytes in memory.
    public init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        self.init { buffer in
            let part = rest.prefix(buffer.count)
            rest = rest.dropFirst(part.count)
            buffer.copyBytes(from: part)
            return part.count
        }
    }

    /// The next line without its line ending; nil at the end.
    ///
    /// Let go of a line before asking for the next: the reader uses its memory again.
    public mutating func nextLine() throws -> ArraySlice<UInt8>? {
        var searched = next
        while true {
            if let feed = buffer[searched..<end].firstIndex(of: Self.lineFeed) {
                defer { next = feed + 1 }
                return line(upTo: feed)
            }
            if isAtEnd {
                guard next < end else { return nil }
                defer { next = end }
                return line(upTo: end)
            }
            // One byte more than the longest line may be its carriage return.
            if end - next > Self.longestLine + 1 { return try cutLine() }
            searched = try refill(keepingFrom: next)
        }
    }

    private mutating func line(upTo lineEnd: Int) -> ArraySlice<UInt8> {
        var line = buffer[next..<lineEnd]
        while line.last == Self.carriageReturn { line.removeLast() }
        guard line.count > Self.longestLine else { return line }
        cutLines += 1
        return line.prefix(Self.longestLine)
    }

    /// Hands out the front of a line that goes on beyond the limit, and skips the rest of it.
    private mutating func cutLine() throws -> ArraySlice<UInt8> {
        let line = Array(buffer[next..<next + Self.longestLine])
        cutLines += 1
        while !isAtEnd {
            next = end
            _ = try refill(keepingFrom: end)
            if let feed = buffer[next..<end].firstIndex(of: Self.lineFeed) {
                next = feed + 1
                break
            }
        }
        return line[...]
    }

    /// Moves what is left to the front of the buffer and reads behind it; returns where the new bytes begin.
    private mutating func refill(keepingFrom start: Int) throws -> Int {
        let kept = end - start
        buffer.replaceSubrange(0..<kept, with: Array(buffer[start..<end]))
        let count = try buffer.withUnsafeMutableBytes { bytes in
            try read(UnsafeMutableRawBufferPointer(rebasing: bytes[kept...]))
        }
        (next, end) = (0, kept + count)
        isAtEnd = count == 0
        bytesRead += count
        return kept
    }
}
