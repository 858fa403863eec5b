/// An address and a port, as the server writes them: `192.0.2.1 port 4711`.
struct Endpoint {
    let address: String
    let port: Int?

    /// The longest host name of the DNS.
    private static let longestAddress = 255

    /// Reads `ADDRESS[ port N]` from the front.
    init?(_ scanner: inout ByteScanner) {
        guard let address = Self.address(scanner.word()) else { return nil }
        self.address = address
        if scanner.skip(" port ") {
            guard let port = scanner.number() else { return nil }
            self.port = port
        } else {
            port = nil
        }
    }

    /// Reads `ADDRESS[ port N]`, and nothing but that.
    init?(_ bytes: ArraySlice<UInt8>) {
        var scanner = ByteScanner(bytes)
        self.init(&scanner)
        guard scanner.isAtEnd else { return nil }
    }

    /// Reads `ADDRESS port N`, and nothing but that.
    init?(withPort bytes: ArraySlice<UInt8>) {
        self.init(bytes)
        guard port != nil else { return nil }
    }

    /// Reads `ADDRESS port N:TEXT` or `ADDRESS: TEXT`; the text may begin with a space.
    static func withText(_ bytes: ArraySlice<UInt8>) -> (Endpoint, text: ArraySlice<UInt8>)? {
        var scanner = ByteScanner(bytes)
        guard let endpoint = Endpoint(&scanner) else { return nil }
        if endpoint.port != nil { return scanner.skip(":") ? (endpoint, scanner.rest) : nil }
        // The colon after the address passed for part of it, as the colons of IPv6 do.
        guard endpoint.address.utf8.last == UInt8(ascii: ":"), endpoint.address.utf8.count > 1 else { return nil }
        return (Endpoint(address: String(endpoint.address.dropLast()), port: nil), scanner.rest)
    }

    /// Reads `ADDRESS port N:TEXT`.
    static func withPortAndText(_ bytes: ArraySlice<UInt8>) -> (Endpoint, text: ArraySlice<UInt8>)? {
        withText(bytes).flatMap { $0.0.port == nil ? nil : $0 }
    }

    private init(address: String, port: Int?) { (self.address, self.port) = (address, port) }

    /// The text of an address or host name; nil when it is neither.
    static func address(_ bytes: ArraySlice<UInt8>) -> String? {
        guard (1...longestAddress).contains(bytes.count), bytes.allSatisfy(isPartOfAddress) else { return nil }
        return bytes.text
    }

    private static func isPartOfAddress(_ byte: UInt8) -> Bool {
        if byte.isDigit || byte.isLetter { return true }
        return switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "%"): true
        default: false
        }
    }
}
