import AuthLog
import Testing

@Suite(.timeLimit(.minutes(10))) struct LineReaderTests {
    private func lines(_ text: String, inPiecesOf size: Int = .max) throws -> [String] {
        var reader = Self.reader(Array(text.utf8), inPiecesOf: size)
        return try Self.lines(&reader).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func reader(_ bytes: [UInt8], inPiecesOf size: Int) -> LineReader {
        var rest = bytes[...]
        return LineReader { buffer in
            let piece = rest.prefix(min(size, buffer.count))
            rest = rest.dropFirst(piece.count)
            buffer.copyBytes(from: piece)
            return piece.count
        }
    }

    private static func lines(_ reader: inout LineReader) throws -> [[UInt8]] {
        var lines: [[UInt8]] = []
        while let line = try reader.nextLine() { lines.append(Array(line)) }
        return lines
    }

    @Test func `lines end in either way`() throws {
        #expect(try lines("a\nb\r\n\r\nc\n") == ["a", "b", "", "c"])
    }

    @Test func `the last line needs no ending`() throws {
        #expect(try lines("a\nb") == ["a", "b"])
        #expect(try lines("a\r\nb\r") == ["a", "b"])
    }

    @Test func `an empty file has no lines`() throws {
        #expect(try lines("").isEmpty)
    }

    @Test func `a carriage return inside a line stays`() throws {
        #expect(try lines("a\rb\n") == ["a\rb"])
    }

    @Test(arguments: 1...7)
    func `the size of the pieces changes no line`(size: Int) throws {
        #expect(try lines("one\r\ntwo\n\nthree\r\nfour", inPiecesOf: size) == ["one", "two", "", "three", "four"])
    }

    @Test(arguments: [1_000, 65_536, 100_000, 1_000_000], [1, 2, 3])
    func `a line longer than the limit is cut and counted`(size: Int, excess: Int) throws {
        let long = [UInt8](repeating: 0x78, count: LineReader.longestLine + excess)
        var reader = Self.reader(Array("a\n".utf8) + long + Array("\nb\n".utf8), inPiecesOf: size)
        #expect(try Self.lines(&reader).map(\.count) == [1, LineReader.longestLine, 1])
        #expect(reader.cutLines == 1)
    }

    @Test func `a line of exactly the limit is whole`() throws {
        let long = [UInt8](repeating: 0x78, count: LineReader.longestLine)
        var reader = Self.reader(long + Array("\r\n".utf8) + long, inPiecesOf: 1_000)
        #expect(try Self.lines(&reader) == [long, long])
        #expect(reader.cutLines == 0)
    }

    @Test func `a file without line endings is one cut line`() throws {
        var left = 50 * LineReader.longestLine
        var largest = 0
        var reader = LineReader { buffer in
            largest = max(largest, buffer.count)
            let count = min(left, buffer.count)
            left -= count
            return count
        }
        #expect(try Self.lines(&reader).map(\.count) == [LineReader.longestLine])
        #expect(reader.cutLines == 1)
        #expect(reader.bytesRead == 50 * LineReader.longestLine)
        // The buffer did not grow.
        #expect(largest <= 4 * LineReader.longestLine)
    }

    @Test func `bytes that are not text stay as they are`() throws {
        var reader = Self.reader([0xFF, 0x00, 0x0A, 0xFE], inPiecesOf: .max)
        #expect(try Self.lines(&reader) == [[0xFF, 0x00], [0xFE]])
    }

    @Test func `an error of the source is passed on`() throws {
        struct Broken: Error {}
        var reader = LineReader { _ in throw Broken() }
        #expect(throws: Broken.self) { try reader.nextLine() }
    }
}
