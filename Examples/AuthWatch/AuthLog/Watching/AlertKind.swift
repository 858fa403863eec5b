/// What an alert is about.
public enum AlertKind: String, Hashable, Sendable, CaseIterable {
    /// A failed login as root.
    case rootFailure = "root failure"
    /// Many different users from one address.
    case manyUsers = "many users"
    /// Many failed logins from one address.
    case manyFailures = "many failures"
    /// A client that used up its attempts.
    case attemptsExhausted = "attempts exhausted"
    /// A name in the DNS that contradicts its address.
    case suspiciousName = "suspicious name"
    /// A user whom the configuration keeps out.
    case refusedUser = "refused user"
    /// A login as root.
    case rootLogin = "root login"
    /// A login from an address that had failed before: somebody may have guessed a password.
    case loginAfterFailures = "login after failures"

    /// How urgent an alert is.
    public enum Severity: Hashable, Sendable {
        /// Worth knowing.
        case notice
        /// Worth a look: an attack as every server on the internet sees them, or a login as root.
        case warning
        /// An attack that may have succeeded.
        case critical
    }

    /// How urgent alerts of the kind are.
    public var severity: Severity {
        switch self {
        case .suspiciousName, .refusedUser: .notice
        case .rootFailure, .manyUsers, .manyFailures, .attemptsExhausted, .rootLogin: .warning
        case .loginAfterFailures: .critical
        }
    }
}
