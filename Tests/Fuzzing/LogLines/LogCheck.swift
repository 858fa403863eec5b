import AuthLog

/// Holds the reader to what it says of lines, and the parser to taking in each of them.
struct LogCheck {
    private let log: [UInt8]

    init(_ log: [UInt8]) { self.log = log }

    func run() {
        // One line alone is left to `LineCheck`: to make a reader takes longer than all the rest.
        guard log.contains(0x0A) else { return }
        var expected = log.split(separator: 0x0A, omittingEmptySubsequences: false)
        // Behind the last line feed there is no line.
        if expected.last?.isEmpty ?? false { expected.removeLast() }
        var reader = LineReader(log)
        let parser = LogLineParser()
        do {
            for line in expected {
                let read = try reader.nextLine()
                let wanted = line[..<((line.lastIndex { $0 != 0x0D } ?? line.startIndex - 1) + 1)]
                require(read == wanted, "the reader does not read a line")
                require(
                    parser.parse(wanted) == read.map { parser.parse($0) },
                    "the reader's line is parsed in another way"
                )
            }
            let excess = try reader.nextLine()
            require(excess == nil, "the reader reads more lines than there are")
        } catch {
            fatalError("\(error)")
        }
    }
}
