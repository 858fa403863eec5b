/// How a client tried to log in.
public enum LoginMethod: Hashable, Sendable {
    /// `password`
    case password
    /// `keyboard-interactive`, with or without a device such as `/pam`
    case keyboardInteractive
    /// `publickey`
    case publicKey
    /// `hostbased`
    case hostBased
    /// `gssapi-with-mic` and its relatives
    case gssapi
    /// Any other method, by its name.
    case other(String)

    /// The methods with which secrets are guessed. A client that offers the wrong one of its keys is no attack.
    public static let guesses: Set<LoginMethod> = [.password, .keyboardInteractive]
}

extension LoginMethod {
    /// The method of a name in the log.
    public init(name: String) {
        switch name {
        case "password": self = .password
        case "publickey": self = .publicKey
        case "hostbased": self = .hostBased
        case let name where name.hasPrefix("keyboard-interactive"): self = .keyboardInteractive
        case let name where name.hasPrefix("gssapi"): self = .gssapi
        default: self = .other(name)
        }
    }

    /// The method's name for people.
    public var name: String {
        switch self {
        case .password: "password"
        case .keyboardInteractive: "keyboard-interactive"
        case .publicKey: "public key"
        case .hostBased: "host-based"
        case .gssapi: "GSSAPI"
        case .other(let name): name
        }
    }
}
