/// Colours for a terminal, or none.
public struct TerminalStyle: Sendable {
    private let isColoured: Bool

    private init(isColoured: Bool) { self.isColoured = isColoured }

    /// With colours.
    public static let coloured = TerminalStyle(isColoured: true)
    /// Without: for files, pipes and tests.
    public static let plain = TerminalStyle(isColoured: false)

    func bold(_ text: String) -> String { wrap(text, "1") }

    func dim(_ text: String) -> String { wrap(text, "2") }

    /// The colour of alerts of a severity.
    func severity(_ severity: AlertKind.Severity, _ text: String) -> String {
        switch severity {
        case .notice: wrap(text, "36")
        case .warning: wrap(text, "33")
        case .critical: wrap(text, "1;31")
        }
    }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
