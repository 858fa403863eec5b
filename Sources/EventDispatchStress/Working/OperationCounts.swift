/// How often each kind of operation was done.
struct OperationCounts {
    private var counts = [Int](repeating: 0, count: Operation.allCases.count)

    var total: Int { counts.reduce(0, +) }

    subscript(operation: Operation) -> Int { counts[operation.rawValue] }

    mutating func note(_ operation: Operation) { counts[operation.rawValue] += 1 }

    static func += (left: inout OperationCounts, right: OperationCounts) {
        for index in left.counts.indices { left.counts[index] += right.counts[index] }
    }
}
