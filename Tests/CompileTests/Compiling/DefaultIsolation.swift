/// The isolation of what a client's module leaves without one.
enum DefaultIsolation: String, CaseIterable, Sendable {
    case nonisolated
    /// What new projects in Xcode have.
    case mainActor

    var options: [String] {
        switch self {
        case .nonisolated: []
        case .mainActor: ["-default-isolation", "MainActor"]
        }
    }
}
