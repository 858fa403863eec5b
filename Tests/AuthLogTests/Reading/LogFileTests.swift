import AuthLog
import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct LogFileTests {
    @Test func `a missing file says so`() {
        let path = NSTemporaryDirectory() + "authwatch-missing-\(UUID().uuidString)"
        let error = #expect(throws: LogFileError.self) { try LogFile(path: path) }
        #expect(error?.description == "\(path): No such file or directory")
    }

    @Test func `a directory can not be read`() throws {
        let directory = try LogFile(path: NSTemporaryDirectory())
        #expect(directory.size == nil)
        var reader = LineReader { try directory.read(into: $0) }
        let error = #expect(throws: LogFileError.self) { try reader.nextLine() }
        #expect(error?.description.hasSuffix(": Is a directory") == true)
    }

    @Test func `a file is read to its end`() throws {
        let text = (0..<100_000).map { "line \($0)\n" }.joined()
        try TemporaryFile.with(Data(text.utf8)) { path in
            let file = try LogFile(path: path)
            #expect(file.size == text.utf8.count)
            var reader = LineReader { try file.read(into: $0) }
            var count = 0
            while let line = try reader.nextLine() {
                if line.elementsEqual("line \(count)".utf8) { count += 1 }
            }
            #expect(count == 100_000)
        }
    }

    @Test func `control characters in a path are escaped`() {
        let error = #expect(throws: LogFileError.self) { try LogFile(path: "/no\nwhere") }
        #expect(error?.description.hasPrefix("/no\\nwhere: ") == true)
    }
}
