/// What is done to a model.
public enum ModelAction: Hashable, Sendable, CaseIterable {
    /// It comes to be.
    case create
    /// It changes.
    case update
    /// It ceases to be.
    case delete
}
