/// What no dispatcher can do without in W1 to W5: looking the event's keys up, and calling a closure for every match.
///
/// The matches themselves are known beforehand, except in W1, where the lookup finds the only one.
struct MatchingFloor {
    private let workload: MatchingWorkload
    private let records: [Record]
    private let expected: ExpectedMatches
    private let closures: [@Sendable (Record) throws -> Void]
    private var types: [String: Int] = [:]
    private var roles: [String: Int] = [:]
    private var users: [String: Int] = [:]
    private var lowestAmounts: [Int] = []
    private var prefixes: [String: Int] = [:]
    private let prefixLengths: [Int]
    /// What the lookups found, so that none of them is idle.
    private let found: CallCounter

    init(
        _ workload: MatchingWorkload,
        rules: [DrawnRule],
        records: [Record],
        expected: ExpectedMatches,
        calls: CallCounter,
        found: CallCounter
    ) {
        self.workload = workload
        self.records = records
        self.expected = expected
        self.found = found
        closures = rules.map { _ in { _ in calls.increment() } }
        var lengths: Set<Int> = []
        for (index, rule) in rules.enumerated() {
            switch RuleCondition(rule) {
            case .user(let user): users[user] = index
            case .conjunction(let type, let role, let user):
                types[type] = index
                roles[role] = index
                users[user] = index
            case .amounts(let type, let amounts):
                types[type] = index
                lowestAmounts.append(amounts.lowerBound)
            case .namePrefix(let prefix):
                prefixes[prefix] = index
                lengths.insert(prefix.utf8.count)
            case .userExceptTypes(let user, _): users[user] = index
            }
        }
        lowestAmounts.sort()
        prefixLengths = lengths.sorted()
    }

    func run(_ range: Range<Int>) throws {
        switch workload {
        case .equality:
            for index in range {
                let record = records[index]
                if let match = users[record.user] { try closures[match](record) }
            }
        case .conjunction: try run(range) { lookUpConjunction($0) }
        case .range: try run(range) { lookUpRange($0) }
        case .prefix: try run(range) { lookUpPrefixes($0) }
        case .mixed:
            try run(range) { record in
                lookUp(record.user, in: users) &+ lookUpConjunction(record) &+ lookUpRange(record)
                    &+ lookUpPrefixes(record)
            }
        }
    }

    @inline(__always)
    private func run(_ range: Range<Int>, lookUp: (Record) -> Int) throws {
        var sum = 0
        for index in range {
            let record = records[index]
            sum &+= lookUp(record)
            for match in expected[index] { try closures[Int(match)](record) }
        }
        found.add(sum)
    }

    @inline(__always)
    private func lookUpConjunction(_ record: Record) -> Int {
        lookUp(record.type, in: types) &+ lookUp(record.role, in: roles) &+ lookUp(record.user, in: users)
    }

    @inline(__always)
    private func lookUpRange(_ record: Record) -> Int {
        lookUp(record.type, in: types) &+ lowestAmounts.firstIndex(notLess: { $0 < record.amount })
    }

    @inline(__always)
    private func lookUpPrefixes(_ record: Record) -> Int {
        // The cheapest way to a key that was tried: a prefix of the bytes, which fits into a string without allocation.
        var name = record.name
        return name.withUTF8 { bytes in
            prefixLengths.reduce(0) { $0 &+ lookUp(String(decoding: bytes.prefix($1), as: UTF8.self), in: prefixes) }
        }
    }

    @inline(__always)
    private func lookUp(_ text: String, in table: [String: Int]) -> Int { table[text] ?? 0 }
}
