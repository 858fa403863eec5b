/// Announcements as lines of text.
public enum AlertText {
    private static let longestText = 100

    /// One line, without its line ending; whatever the log says is escaped.
    public static func line(for announcement: Announcement, style: TerminalStyle) -> String {
        let (alert, kind, text) =
            switch announcement {
            case .alert(let alert): (alert, alert.kind.rawValue, TerminalText.escaped(alert.text, upTo: longestText))
            case .silence(let alert):
                (alert, "", style.dim("more alerts for this address: all are counted, a few a day shown"))
            }
        let parts = [
            style.dim(TerminalText.escaped(alert.time)),
            style.severity(alert.kind.severity, pad(kind, to: widestKind)),
            style.bold(pad(TerminalText.escaped(alert.address), to: widestUsualAddress)),
            text,
        ]
        return (alert.time.isEmpty ? parts.dropFirst() : parts[...]).joined(separator: "  ")
    }

    private static let widestKind = AlertKind.allCases.map(\.rawValue.count).max() ?? 0
    /// That of `255.255.255.255`.
    private static let widestUsualAddress = 15

    private static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
