/// What the rules want printed.
public enum Announcement: Equatable, Sendable {
    /// An alert.
    case alert(AlertRaised)
    /// The alert, and all further ones about its address, are counted and not shown.
    case silence(AlertRaised)
}
