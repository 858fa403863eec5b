/// The summary as text.
public enum SummaryText {
    private static let longestExample = 90

    /// The lines of the summary, without line endings.
    public static func lines(for summary: WatchSummary, style: TerminalStyle) -> [String] {
        [
            [style.bold(headline(summary)), ""],
            table("Events by type", ["event", "count"], summary.events.map { [$0.name, grouped($0.count)] }, style),
            table("Handlers", ["handler", "runs"], summary.handlers.map { [$0.name, grouped($0.count)] }, style),
            table(
                "Top addresses",
                ["address", "failures", "users", "alerts"],
                summary.addresses.map { row in
                    [
                        row.address,
                        grouped(row.failures),
                        "\(row.users)\(row.mayBeMoreUsers ? "+" : "")",
                        grouped(row.alerts),
                    ]
                },
                style
            ),
            table("Lines", ["kind", "count"], lineRows(summary), style),
            examples(summary, style),
            ["\(grouped(summary.eventCount)) events in \(time(summary.duration)): \(rates(summary))"],
        ].flatMap { $0 }
    }

    private static func headline(_ summary: WatchSummary) -> String {
        let alerts = summary.count(of: "\(AlertRaised.self)")
        return [
            counted(summary.failedPasswords, "failed password attempt"),
            counted(summary.count(of: "\(LoginAccepted.self)"), "accepted login"),
            "\(counted(alerts, "alert")) (\(grouped(summary.alertsShown)) shown)",
            "\(counted(summary.addressCount, "address", plural: "addresses")) remembered",
        ].joined(separator: ", ")
    }

    private static func lineRows(_ summary: WatchSummary) -> [[String]] {
        let counts = summary.lineCounts
        let rows = [
            ("events", counts.events),
            ("other lines of the server", counts.otherServerLines),
            ("lines of other programs", counts.otherPrograms),
            ("blank", counts.blank),
            ("not understood", counts.notUnderstood),
            ("all", counts.lines),
            ("cut, because longer than \(grouped(LineReader.longestLine)) bytes", summary.cutLines),
        ]
        let unimportant = ["blank", rows[rows.count - 1].0]
        return rows.filter { $0.1 > 0 || !unimportant.contains($0.0) }.map { [$0.0, grouped($0.1)] }
    }

    private static func examples(_ summary: WatchSummary, _ style: TerminalStyle) -> [String] {
        if summary.examples.isEmpty { return [] }
        let lines = summary.examples.map { example in
            "  line \(grouped(example.number)): \(TerminalText.escaped(example.text, upTo: longestExample))"
        }
        return [style.bold("Not understood")] + lines + [""]
    }

    private static func rates(_ summary: WatchSummary) -> String {
        let seconds = summary.duration / .seconds(1)
        guard seconds > 0 else { return "too fast to measure" }
        let perSecond = { (count: Int) in grouped(Int((Double(count) / seconds).rounded())) }
        return "\(perSecond(summary.eventCount)) events a second, \(perSecond(summary.lineCounts.lines)) lines a second"
    }

    private static func table(
        _ title: String,
        _ header: [String],
        _ rows: [[String]],
        _ style: TerminalStyle
    ) -> [String] {
        if rows.isEmpty { return [] }
        return [style.bold(title)] + TextTable(header: header, rows: rows, style: style).lines + [""]
    }

    private static func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
        "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    /// `1.234 s`, without a library for formatting.
    private static func time(_ duration: Duration) -> String {
        let milliseconds = Int((duration / .milliseconds(1)).rounded())
        let fraction = String(milliseconds % 1000 + 1000).dropFirst()
        return "\(grouped(milliseconds / 1000)).\(fraction) s"
    }

    /// `1,234,567`
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.enumerated().reduce(into: "") { text, digit in
            if digit.offset > 0, (digits.count - digit.offset).isMultiple(of: 3) { text.append(",") }
            text.append(digit.element)
        }
    }
}
