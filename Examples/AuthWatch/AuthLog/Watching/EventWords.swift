/// A user's name for an alert, in quotation marks unless it looks like one.
func quoted(_ user: String) -> String {
    let isUsual = !user.isEmpty && user.utf8.allSatisfy { $0.isLetter || $0.isDigit || "._-$".utf8.contains($0) }
    return isUsual ? user : "\"\(user)\""
}

extension LoginFailed {
    /// How it was tried, and how often, for an alert.
    var means: String { attempts == 1 ? method.name : "\(method.name), \(attempts) times" }
}

extension BreakInSuspected.Suspicion {
    /// What is wrong, as the end of a sentence about a name.
    var words: String {
        switch self {
        case .unresolved: "does not resolve"
        case .resolvesElsewhere: "resolves to another address"
        case .looksLikeAnAddress: "is written as an address"
        }
    }
}
