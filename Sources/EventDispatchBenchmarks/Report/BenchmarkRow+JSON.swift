extension BenchmarkRow {
    /// The row as a JSON object on one line. Its names need no escaping.
    var json: String {
        let fields: [(String, String)] = [
            ("workload", "\"\(workload)\""),
            ("subscriptions", String(subscriptions)),
            ("ns_per_event", number(nanosecondsPerEvent)),
            ("floor_ns", number(floorNanoseconds)),
            ("ratio", number(ratio)),
            ("checksum", checksum.map { String($0.value) } ?? "null"),
            ("allocations_per_event", number(allocationsPerEvent)),
            ("bytes_per_subscription", number(bytesPerSubscription)),
            ("table_bytes_per_subscription", number(tableBytesPerSubscription)),
            ("add_ns", number(addNanoseconds)),
            ("remove_ns", number(removeNanoseconds)),
        ]
        return "{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }

    private func number(_ value: Double?) -> String { value?.fixed(decimals: 3) ?? "null" }
}
