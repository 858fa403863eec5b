/// Lays rows out in columns of fixed widths, so that each can be printed when it is done.
enum BenchmarkTable {
    private static let titles = [
        "workload", "subscriptions", "ns/event", "spread", "floor", "ratio", "checksum", "allocs/event", "bytes/sub",
        "table/sub", "add ns", "remove ns",
    ]

    static let header = """
        Times are medians in nanoseconds, spread is the distance between the quartiles in per cent of the median.
        The ratio is ns/event to floor. The floor of D7 is one thread, and its ratio the throughput of two to that of one;
        the floor of D8 is D3 at rest; an event of D6 is adding one and cancelling it, one of Q1 to Q9 what is done once, or in Q6 and
        Q9 for one of many; their ratios are those to the first size.

        \(line(titles))
        """

    static func line(_ row: BenchmarkRow) -> String {
        line([
            row.workload,
            String(row.subscriptions),
            time(row.nanosecondsPerEvent),
            row.spread.map { ($0 * 100).fixed(decimals: 0) + " %" } ?? "–",
            time(row.floorNanoseconds),
            row.ratio?.fixed(decimals: 2) ?? "–",
            row.checksum.map { String($0.value) } ?? "–",
            row.allocationsPerEvent?.fixed(decimals: 2) ?? "–",
            row.bytesPerSubscription?.fixed(decimals: 0) ?? "–",
            row.tableBytesPerSubscription?.fixed(decimals: 0) ?? "–",
            time(row.addNanoseconds),
            time(row.removeNanoseconds),
        ])
    }

    private static func time(_ nanoseconds: Double?) -> String {
        nanoseconds.map { $0.fixed(decimals: $0 < 100 ? 1 : 0) } ?? "–"
    }

    private static func line(_ cells: [String]) -> String {
        zip(cells, titles).enumerated().map { column, cell in
            let (text, title) = cell
            let padding = String(repeating: " ", count: max(0, max(title.count, 9) - text.count))
            return column == 0 ? text + padding : padding + text
        }
        .joined(separator: "  ")
    }
}
