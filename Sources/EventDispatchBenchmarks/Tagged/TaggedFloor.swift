/// What no dispatcher can do without in W6: a lookup for each of the five keys, and calling a closure for every match.
struct TaggedFloor {
    private let records: [TaggedRecord]
    private let closures: [@Sendable (TaggedRecord) throws -> Void]
    private let found: CallCounter
    private let environments = ["prod": 1]
    private let numbers: [String: Int]
    private let tags = ["tag1": 1, "tag2": 2]
    private let regions = ["moon": 1]
    private let types = ["app": 1, "database": 2]

    init(records: [TaggedRecord], subscriptions: Int, calls: CallCounter, found: CallCounter) {
        self.records = records
        self.found = found
        closures = (0..<subscriptions).map { _ in { _ in calls.increment() } }
        numbers = Dictionary(uniqueKeysWithValues: records.enumerated().map { ($1.number, $0) })
    }

    func run(_ range: Range<Int>) throws {
        var sum = 0
        for index in range {
            let record = records[index]
            sum &+= environments[record.env] ?? 0
            sum &+= tags[record.tags[0]] ?? 0
            sum &+= regions[record.region] ?? 0
            sum &+= types[record.type] ?? 0
            guard let first = numbers[record.number] else { continue }
            for match in stride(from: first, to: closures.count, by: records.count) { try closures[match](record) }
        }
        found.add(sum)
    }
}
