/// The event of a model that is created, updated or deleted, as ``EventDispatcher/performing(_:on:fileID:line:_:)->_`` fires it.
///
/// ```swift
/// let subscription = try dispatcher.on(ModelChange<User>.self, where: \.action == .create) { change in
///     print("created \(change.model.name)")
/// }
/// ```
///
/// A property of the model becomes a match key with an extension:
///
/// ```swift
/// extension ModelChange<User>.MatchKeys {
///     var role: ModelChange<User>.Key<User.Role> { .init(\.model.role) }
/// }
/// ```
public struct ModelChange<Model: Sendable>: AnyModelChange {
    /// The phases of every change of a model.
    public typealias Phases = ModelChangePhases

    /// The action on the model.
    public let action: ModelAction
    /// The model: before the operation the one that it is done to, after it the one that it returned.
    public let model: Model

    /// Makes a change.
    public init(_ action: ModelAction, of model: Model) {
        self.action = action
        self.model = model
    }

    /// The model, whatever its type.
    public var anyModel: any Sendable { model }

    /// The keys that filters may use.
    public struct MatchKeys: MatchKeySet {
        /// The action on the model.
        public let action = Key(\.action)
        /// The model, for models that can be compared or are objects.
        public let model = Key(\.model)

        /// Makes the keys.
        public init() {}
    }
}

/// A change of any model: `OnAny(conformingTo: (any AnyModelChange).self)` receives those of all.
public protocol AnyModelChange: MatchableEvent {
    /// The action on the model.
    var action: ModelAction { get }
    /// The model, whatever its type.
    var anyModel: any Sendable { get }
}

/// The phases of a change of a model, on both sides of the operation.
public enum ModelChangePhases: EventPhases {
    /// Before the operation. A gate: a handler that throws keeps the operation from running.
    case before
    /// After the operation; not entered when it throws.
    case after

    /// ``after``.
    public static var main: Self { .after }

    /// True for ``before``.
    public var isGate: Bool { self == .before }
}

/// An action on a model.
public enum ModelAction: Hashable, Sendable, CaseIterable {
    /// It comes to be.
    case create
    /// It changes.
    case update
    /// It ceases to be.
    case delete
}
