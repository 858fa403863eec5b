import EventDispatch
import TestSupport
import Testing

/// A fire does the same whoever observes it, whatever its report is to say, and also when its handlers have to be asked.
@Suite(.timeLimit(.minutes(10))) struct SameOutcomeTests {
    private static let phases: [[StandardPhases]] = [
        [.during], [.during, .during, .during], [.before, .during, .during], [.before, .before, .after],
        [.before, .during, .after], [.after, .during, .before],
    ]

    @Test(arguments: phases, [false, true])
    func `a fire in a task has one outcome`(phases: [StandardPhases], isSerial: Bool) async throws {
        for script in some(RunScript.all(of: RunScript.Act.allCases, in: phases, isSerial: isSerial)) {
            try await expectOneOutcome(of: script, isInPlace: false)
        }
    }

    @Test(arguments: phases, [false, true])
    func `a fire in place has one outcome`(phases: [StandardPhases], isSerial: Bool) async throws {
        let acts: [RunScript.Act] = [.reply, .fail, .stop, .cancelNext, .cancelTask, .suspend]
        for script in some(RunScript.all(of: acts, in: phases, isSerial: isSerial)) {
            try await expectOneOutcome(of: script, isInPlace: true)
        }
    }

    /// All scripts in the full form, every eleventh in the small one, which has each act at each place all the same.
    private func some(_ scripts: [RunScript]) -> [RunScript] {
        scripts.indices.filter { TestForm.isFull || $0.isMultiple(of: 11) }.map { scripts[$0] }
    }

    private func expectOneOutcome(of script: RunScript, isInPlace: Bool) async throws {
        let plain = try await script.outcome(RunScript.Way(isInPlace: isInPlace))
        let others: [RunScript.Way] = [
            .init(isInPlace: isInPlace, isObserved: true),
            .init(isInPlace: isInPlace, isLimited: true),
            .init(isInPlace: isInPlace, detail: .all),
            .init(isInPlace: isInPlace, isObserved: true, detail: .all),
        ]
        for way in others {
            let outcome = try await script.outcome(way)
            try #require(outcome == plain, "\(script) \(way)")
        }
    }
}
