import EventDispatch
import AuthLog

/// A log that the rules have seen, and what they announced.
final class WatchedLog {
    let watcher: LogWatcher
    private(set) var cutLines = 0
    private let journal: AnnouncementJournal

    convenience init(_ lines: [String], limits: WatchLimits = WatchLimits()) throws {
        try self.init(bytes: Array(lines.map { $0 + "\n" }.joined().utf8), limits: limits)
    }

    init(bytes: [UInt8], limits: WatchLimits = WatchLimits()) throws {
        let journal = AnnouncementJournal()
        self.journal = journal
        watcher = try LogWatcher(limits: limits) { journal.note($0) }
        var reader = LineReader(bytes)
        try watcher.watch(&reader)
        cutLines = reader.cutLines
    }

    var announcements: [Announcement] { journal.entries }

    /// The alerts that were shown.
    var alerts: [AlertRaised] {
        announcements.compactMap { if case .alert(let alert) = $0 { alert } else { nil } }
    }

    var kinds: [AlertKind] { alerts.map(\.kind) }

    func summary(duration: Duration = .seconds(1)) -> WatchSummary {
        watcher.summary(cutLines: cutLines, duration: duration)
    }

    func summaryText(style: TerminalStyle = .plain) -> String {
        SummaryText.lines(for: summary(), style: style).joined(separator: "\n")
    }
}

/// Collects announcements.
private final class AnnouncementJournal: Sendable {
    private let storage = Locked<[Announcement]>([])

    func note(_ entry: Announcement) { storage.withLock { $0.append(entry) } }

    var entries: [Announcement] { storage.withLock { $0 } }
}
