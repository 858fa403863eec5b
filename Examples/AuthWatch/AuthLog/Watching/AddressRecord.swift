/// What is remembered about an address. Its size is bounded: see ``WatchLimits/users``.
public struct AddressRecord: Equatable, Sendable {
    /// How many passwords failed.
    public private(set) var failures = 0
    /// How many of them came after the last login.
    public private(set) var failuresSinceLogin = 0
    /// How many alerts were raised.
    public private(set) var alerts = 0
    /// The users that were tried, in the order in which they were first tried; no more than the limit.
    public private(set) var users: [String] = []

    /// How much of a user's name is remembered.
    static let longestName = 64

    /// Notes failures, and returns what the address stands out by from now on.
    mutating func noteFailures(_ attempts: Int, limits: WatchLimits) -> AddressStoodOut.Mark? {
        let before = failures
        failures += attempts
        failuresSinceLogin += attempts
        return before < limits.failures && failures >= limits.failures ? .manyFailures : nil
    }

    /// Notes a user, and returns what the address stands out by from now on.
    mutating func noteUser(_ user: String, limits: WatchLimits) -> AddressStoodOut.Mark? {
        guard users.count < limits.users else { return nil }
        let name = user.utf8.count > Self.longestName ? Self.front(of: user) : user
        guard !users.contains(name) else { return nil }
        users.append(name)
        return users.count == limits.users ? .manyUsers : nil
    }

    private static func front(of name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(longestName)))
    }

    /// Notes a login.
    mutating func noteLogin() { failuresSinceLogin = 0 }

    /// Notes an alert, and returns how many there are.
    mutating func noteAlert() -> Int {
        alerts += 1
        return alerts
    }
}
