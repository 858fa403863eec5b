/// The other side of a connection, with the user when the server knows one.
struct Peer {
    let user: String?
    let endpoint: Endpoint

    /// Reads `[authenticating user USER |invalid user USER |user USER ]ADDRESS[ port N]`, and nothing but that.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let name = Self.nameOnwards(bytes) else {
            guard let endpoint = Endpoint(bytes) else { return nil }
            (user, self.endpoint) = (nil, endpoint)
            return
        }
        guard let (user, endpoint) = name.splitAtLast(" ", { Endpoint(withPort: $0) }) else { return nil }
        (self.user, self.endpoint) = (user.text, endpoint)
    }

    /// Reads what the other initializer reads, a colon, and a text.
    ///
    /// With a user, what follows the last `ADDRESS port N: ` is the text; without one, what follows the first.
    static func withText(_ bytes: ArraySlice<UInt8>) -> (Peer, text: ArraySlice<UInt8>)? {
        guard let name = nameOnwards(bytes) else {
            return Endpoint.withText(bytes).map { (Peer(user: nil, endpoint: $0), $1) }
        }
        guard let (user, (endpoint, text)) = name.splitAtLast(" ", Endpoint.withPortAndText) else { return nil }
        return (Peer(user: user.text, endpoint: endpoint), text)
    }

    private init(user: String?, endpoint: Endpoint) { (self.user, self.endpoint) = (user, endpoint) }

    /// What begins with the user's name; nil when the server names no user.
    private static func nameOnwards(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var scanner = ByteScanner(bytes)
        let isNamed = scanner.skip("authenticating user ") || scanner.skip("invalid user ") || scanner.skip("user ")
        return isNamed ? scanner.rest : nil
    }
}
