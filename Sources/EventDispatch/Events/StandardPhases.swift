/// The phases of an event that declares none: `before`, `during`, `after`.
public enum StandardPhases: EventPhases {
    /// Runs first.
    case before
    /// The main phase, where handlers outside any `Phase` block run.
    case during
    /// Runs last.
    case after

    /// ``during``.
    public static var main: Self { .during }
}
