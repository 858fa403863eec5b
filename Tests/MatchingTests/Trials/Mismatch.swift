/// Where a dispatcher, the oracle and the recipes differ.
struct Mismatch: Error, CustomStringConvertible {
    /// Which step of the trial showed it.
    let step: Int
    let description: String
}
