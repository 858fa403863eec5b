/// What was compared so far.
struct Histogram: Sendable {
    static let depths = 6

    private var holds = [Int](repeating: 0, count: Operator.allCases.count)
    private var fails = [Int](repeating: 0, count: Operator.allCases.count)
    private(set) var pairsByDepth = [Int](repeating: 0, count: depths)
    private(set) var pairs = 0
    private(set) var matches = 0
    var events = 0
    var registrations = 0
    var removals = 0
    var refusals = 0
    var rounds: [String: Int] = [:]

    mutating func count(_ operation: Operator, _ result: Bool) {
        if result { holds[operation.rawValue] += 1 } else { fails[operation.rawValue] += 1 }
    }

    mutating func countPair(depth: Int, matches isMatch: Bool) {
        pairs += 1
        pairsByDepth[depth] += 1
        if isMatch { matches += 1 }
    }

    /// How many of a hundred pairs match.
    var percentMatching: Double { 100 * Double(matches) / Double(max(pairs, 1)) }

    /// The operators that were not often enough true and false.
    func operatorsSeen(lessThan count: Int) -> [Operator] {
        Operator.allCases.filter { min(holds[$0.rawValue], fails[$0.rawValue]) < count }
    }
}

extension Histogram: CustomStringConvertible {
    var description: String {
        let rounds = rounds.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let depths = pairsByDepth.enumerated().map { "\($0): \($1)" }.joined(separator: ", ")
        let rows = Operator.allCases.map { operation in
            column("\(operation)", 18, fromLeft: true) + column("\(holds[operation.rawValue])", 10)
                + column("\(fails[operation.rawValue])", 10)
        }
        return """
            \(pairs) pairs of a filter and an event, \(matches) match (\(Int(percentMatching.rounded())) %)
            \(events) events, \(registrations) subscriptions added, \(removals) removed
            \(refusals) filters refused
            rounds: \(rounds)
            pairs by depth: \(depths)
            operator                true     false
            \(rows.joined(separator: "\n"))
            """
    }

    private func column(_ text: String, _ width: Int, fromLeft: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return fromLeft ? text + padding : padding + text
    }
}
