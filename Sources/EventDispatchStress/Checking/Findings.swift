import EventDispatch

/// What was found to be wrong.
final class Findings: Sendable {
    /// As many as are printed.
    private static let most = 20

    private let found = Locked<(count: Int, first: [String])>((0, []))

    func note(_ finding: @autoclosure () -> String) {
        let finding = finding()
        found.withLock { found in
            found.count += 1
            if found.first.count < Self.most { found.first.append(finding) }
        }
    }

    /// Notes what is wrong unless a condition holds.
    func expect(_ isRight: Bool, _ finding: @autoclosure () -> String) {
        if !isRight { note(finding()) }
    }

    var count: Int { found.withLock { $0.count } }

    var first: [String] { found.withLock { $0.first } }
}
