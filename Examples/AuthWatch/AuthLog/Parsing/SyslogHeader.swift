/// What stands before the message in a line: the time, the host and the program.
///
/// Understands the classic form (`Dec 10 06:55:46 host sshd[1]: `), ISO 8601 (`2024-01-02T03:04:05+00:00 host sshd[1]: `),
/// what `journalctl` prints, and a facility or a weekday beside them.
struct SyslogHeader {
    /// The time as it is written.
    let time: ArraySlice<UInt8>
    /// The program without its process number.
    let program: ArraySlice<UInt8>
    /// What follows the header; empty when the line has no message.
    let message: ArraySlice<UInt8>

    /// Host and facility, or time zone and host, may stand between time and program.
    private static let mostWordsBeforeProgram = 3

    init?(_ line: ArraySlice<UInt8>) {
        guard let (time, rest) = Self.splitAfterTime(line) else { return nil }
        self.time = time
        var scanner = ByteScanner(rest)
        for _ in 0...Self.mostWordsBeforeProgram {
            scanner.skipSpaces()
            let word = scanner.word()
            guard word.last == UInt8(ascii: ":") else { continue }
            program = Self.program(word.dropLast())
            message = scanner.rest.dropFirst()
            return
        }
        return nil
    }

    /// `sshd[1]: `, as the server writes it to a file of its own.
    init?(withoutTime line: ArraySlice<UInt8>) {
        var scanner = ByteScanner(line)
        let word = scanner.word()
        guard word.begins(with: "sshd"), word.last == UInt8(ascii: ":") else { return nil }
        time = line.prefix(0)
        program = Self.program(word.dropLast())
        message = scanner.rest.dropFirst()
    }

    /// The time at the front of a line, and what follows it; nil when no time stands there.
    static func splitAfterTime(_ line: ArraySlice<UInt8>) -> (time: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        var scanner = ByteScanner(line)
        skipPriority(&scanner)
        let start = scanner.rest.startIndex
        return skipTime(&scanner) ? (line[start..<scanner.rest.startIndex], scanner.rest) : nil
    }

    private static func program(_ tag: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard tag.last == UInt8(ascii: "]"), let bracket = tag.lastIndex(of: UInt8(ascii: "[")) else { return tag }
        return tag[..<bracket]
    }

    /// Skips a `<38>`, which some collectors keep.
    private static func skipPriority(_ scanner: inout ByteScanner) {
        var attempt = scanner
        guard attempt.skip("<"), attempt.number() != nil, attempt.skip(">") else { return }
        scanner = attempt
    }

    private static func skipTime(_ scanner: inout ByteScanner) -> Bool {
        guard let first = scanner.rest.first else { return false }
        if first.isDigit { return skipISOTime(&scanner) }
        guard isThreeLetters(scanner.word()) else { return false }
        scanner.skipSpaces()
        guard let second = scanner.rest.first else { return false }
        if second.isLetter {
            // What stood there was the weekday.
            guard isThreeLetters(scanner.word()) else { return false }
            scanner.skipSpaces()
        }
        let day = scanner.word()
        if isISODate(day) {
            scanner.skipSpaces()
            return isClock(scanner.word())
        }
        guard (1...2).contains(day.count), day.allSatisfy(\.isDigit) else { return false }
        scanner.skipSpaces()
        return isClock(scanner.word())
    }

    private static func skipISOTime(_ scanner: inout ByteScanner) -> Bool {
        let word = scanner.word()
        guard isISODate(word.prefix(10)) else { return false }
        if word.count > 10 { return isClock(word.dropFirst(11)) }
        scanner.skipSpaces()
        return isClock(scanner.word())
    }

    private static func isThreeLetters(_ word: ArraySlice<UInt8>) -> Bool {
        word.count == 3 && word.allSatisfy(\.isLetter)
    }

    /// `2024-01-02`
    private static func isISODate(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count == 10 else { return false }
        return word.enumerated().allSatisfy { offset, byte in
            offset == 4 || offset == 7 ? byte == UInt8(ascii: "-") : byte.isDigit
        }
    }

    /// `03:04:05`, with whatever fraction or zone follows.
    private static func isClock(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count >= 8 else { return false }
        return word.prefix(8).enumerated().allSatisfy { offset, byte in
            offset == 2 || offset == 5 ? byte == UInt8(ascii: ":") : byte.isDigit
        }
    }
}
