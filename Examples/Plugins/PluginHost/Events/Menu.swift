/// The menus that plug-ins may add to.
public enum Menu: String, CaseIterable, Sendable {
    /// Changes to the text.
    case edit
    /// What leaves the application.
    case file
}
