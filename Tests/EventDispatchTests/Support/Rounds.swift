import Foundation

/// How often a test repeats what it tries: as often as usual, times `EVENT_DISPATCH_EFFORT`. Prints it, so that a long run shows
/// that it was one.
func rounds(_ usual: Int, _ test: String = #function) -> Int {
    let effort = ProcessInfo.processInfo.environment["EVENT_DISPATCH_EFFORT"].flatMap { Double($0) } ?? 1
    let rounds = max(1, Int(Double(usual) * effort))
    print("\(test) repeats it \(rounds) times")
    return rounds
}
