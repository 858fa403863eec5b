/// Makes a script that fails shorter and simpler, as long as it still fails.
struct ScriptShrinker {
    /// Trials that it may make.
    private var trialsLeft = 3_000

    /// The smallest failing script that was found, and how it fails.
    mutating func shrink(_ script: [Step], _ mismatch: Mismatch) -> (script: [Step], mismatch: Mismatch) {
        var best = (script: Array(script.prefix(mismatch.step + 1)), mismatch: mismatch)
        removeFires(&best)
        while trialsLeft > 0 {
            let before = best.script.count
            removeSteps(&best)
            let isSimpler = simplify(&best)
            if !isSimpler && best.script.count == before { break }
        }
        return best
    }

    /// Takes the candidate when it fails too, whatever the mismatch.
    private mutating func take(_ candidate: [Step], _ best: inout (script: [Step], mismatch: Mismatch)) -> Bool {
        guard trialsLeft > 0 else { return false }
        trialsLeft -= 1
        var trial = Trial()
        do { try trial.run(candidate) } catch let mismatch as Mismatch {
            best = (Array(candidate.prefix(mismatch.step + 1)), mismatch)
            return true
        } catch {}
        return false
    }

    /// Leaves only the last event, if that will do.
    private mutating func removeFires(_ best: inout (script: [Step], mismatch: Mismatch)) {
        guard let last = best.script.last else { return }
        _ = take(best.script.dropLast().filter { !$0.isFire } + [last], &best)
    }

    /// Removes stretches of steps, long ones first.
    private mutating func removeSteps(_ best: inout (script: [Step], mismatch: Mismatch)) {
        var length = max(best.script.count / 2, 1)
        while trialsLeft > 0 {
            var start = 0
            while start < best.script.count, trialsLeft > 0 {
                var candidate = best.script
                candidate.removeSubrange(start..<min(start + length, candidate.count))
                if !take(candidate, &best) { start += length }
            }
            if length == 1 { return }
            length /= 2
        }
    }

    /// Simplifies subscriptions; tells whether it could.
    private mutating func simplify(_ best: inout (script: [Step], mismatch: Mismatch)) -> Bool {
        var isSimpler = false
        var index = 0
        while index < best.script.count {
            if simplify(index, &best) { isSimpler = true } else { index += 1 }
        }
        return isSimpler
    }

    private mutating func simplify(_ index: Int, _ best: inout (script: [Step], mismatch: Mismatch)) -> Bool {
        guard case .subscribe(let recipe) = best.script[index] else { return false }
        for simpler in recipe.simpler {
            var candidate = best.script
            candidate[index] = .subscribe(simpler)
            if take(candidate, &best) { return true }
        }
        return false
    }
}
