/// Who tried to log in, how, and from where: what `Failed`, `Accepted` and `maximum … exceeded` lines have in common.
struct Login {
    let method: String
    let user: String
    let userExists: Bool
    let endpoint: Endpoint
    let port: Int

    /// Reads `METHOD for [invalid user ]USER from ADDRESS port N ssh2[: KEY]`.
    init?(_ bytes: ArraySlice<UInt8>) {
        var scanner = ByteScanner(bytes)
        let method = scanner.word()
        guard scanner.skip(" for ") else { return nil }
        self.init(method: method.text, scanner.rest)
    }

    /// Reads `[invalid user ]USER from ADDRESS port N ssh2[: KEY]`.
    init?(method: String, _ bytes: ArraySlice<UInt8>) {
        self.method = method
        var scanner = ByteScanner(bytes)
        userExists = !scanner.skip("invalid user ") && !scanner.skip("illegal user ")
        guard let (user, client) = scanner.rest.splitAtLast(" from ", Self.client) else { return nil }
        self.user = user.text
        (endpoint, port) = client
    }

    /// Reads `ADDRESS port N ssh2[: KEY]`; very old servers wrote `ssh`.
    private static func client(_ bytes: ArraySlice<UInt8>) -> (Endpoint, Int)? {
        var scanner = ByteScanner(bytes)
        guard let endpoint = Endpoint(&scanner), let port = endpoint.port, scanner.skip(" ssh") else { return nil }
        _ = scanner.number()
        return scanner.isAtEnd || scanner.skip(": ") ? (endpoint, port) : nil
    }
}
