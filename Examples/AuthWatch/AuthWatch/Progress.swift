/// Says how far a long file has been read.
struct Progress {
    private let size: Int?
    private let start = ContinuousClock.now
    private var nextUpdate: ContinuousClock.Instant

    private static let patience = Duration.milliseconds(500)
    private static let interval = Duration.milliseconds(100)

    /// Begins now; files that are read in no time get no progress line.
    init(size: Int?) {
        self.size = size
        nextUpdate = start + Self.patience
    }

    /// The progress line, when it is time for a new one.
    mutating func line(bytesRead: Int, lines: Int) -> String? {
        let now = ContinuousClock.now
        guard now >= nextUpdate else { return nil }
        nextUpdate = now + Self.interval
        let perSecond = Int(Double(lines) / ((now - start) / .seconds(1)))
        let part = size.map { "\(min(100, bytesRead * 100 / max(1, $0)))%" } ?? "\(bytesRead >> 20) MiB"
        return "\(part), \(lines) lines, \(perSecond) a second"
    }
}
