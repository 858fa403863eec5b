import Foundation
import TestSupport
import Testing

/// Random filters, events, and changes in between: the dispatcher reaches the handlers that the oracle names, in its order,
/// and the oracle says what the filters say when they are spelled out in plain Swift.
///
/// `EVENT_DISPATCH_SEED` replays a run, and `EVENT_DISPATCH_PAIRS` sets its length.
@Suite(.timeLimit(.minutes(10))) struct GeneratedCaseTests {
    @Test func `the dispatcher reaches whom the oracle names in its order`() async {
        let settings = MatchingSettings.fromEnvironment()
        say("EVENT_DISPATCH_SEED=\(settings.seed) EVENT_DISPATCH_PAIRS=\(settings.pairs)")
        let clock = ContinuousClock()
        let start = clock.now
        let (histogram, failure) = await onThread { MatchingCheck(settings: settings).run() }
        say("\(histogram)\ntook \(clock.now - start)")
        if let failure {
            Issue.record("\(failure)")
            return
        }
        // A short run may meet too few of some kind.
        guard settings.pairs >= 1_000_000 else { return }
        #expect(histogram.percentMatching >= 5)
        #expect(histogram.operatorsSeen(lessThan: 1_000).isEmpty)
        #expect(histogram.pairsByDepth.allSatisfy { $0 > 0 })
    }

    /// Prints without a buffer, so that the seed is seen even if the process ends in a trap.
    private func say(_ text: String) { FileHandle.standardError.write(Data("matching: \(text)\n".utf8)) }
}
