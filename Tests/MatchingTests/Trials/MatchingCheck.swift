import ProgramSupport

/// Runs rounds of random scripts until enough pairs were compared, or one fails.
struct MatchingCheck {
    let settings: MatchingSettings

    /// What was compared, and how a round failed, if one did.
    func run() -> (histogram: Histogram, failure: String?) {
        var histogram = Histogram()
        var round = 0
        while histogram.pairs < settings.pairs {
            if let failure = run(round, &histogram) { return (histogram, failure) }
            round += 1
        }
        return (histogram, nil)
    }

    private func run(_ round: Int, _ histogram: inout Histogram) -> String? {
        var random = SplitMix64(seed: settings.seed, part: round)
        let kind = RoundKind.random(using: &random)
        var generator = ScriptGenerator(kind, random)
        var script: [Step] = []
        do {
            script = try generator.script()
            histogram.refusals += generator.refused
            histogram.rounds[kind.rawValue, default: 0] += 1
            var trial = Trial(histogram)
            defer { histogram = trial.histogram }
            try trial.run(script)
            return nil
        } catch let mismatch as Mismatch {
            return describe(mismatch, of: script, round, kind)
        } catch {
            return "seed \(settings.seed), round \(round) (\(kind)): \(error)"
        }
    }

    private func describe(_ mismatch: Mismatch, of script: [Step], _ round: Int, _ kind: RoundKind) -> String {
        var shrinker = ScriptShrinker()
        let smallest = script.isEmpty ? (script: script, mismatch: mismatch) : shrinker.shrink(script, mismatch)
        return legible(
            """
            seed \(settings.seed), round \(round) (\(kind)), \(script.count) steps, shrunk to \(smallest.script.count):
            \(smallest.script.map(\.description).joined(separator: "\n"))
            \(smallest.mismatch)
            """
        )
    }

    /// The text in ASCII, so that equal strings can be told apart, and without the module's name.
    private func legible(_ text: String) -> String {
        text.unicodeScalars.map { $0.isASCII ? String($0) : $0.escaped(asASCII: true) }.joined()
            .replacing("MatchingTests.", with: "")
    }
}
