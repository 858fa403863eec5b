/// Stops the process where a condition does not hold. Unlike `precondition`, it says why in optimised code too.
func require(_ condition: Bool, _ problem: @autoclosure () -> String) {
    if !condition { fatalError(problem()) }
}
