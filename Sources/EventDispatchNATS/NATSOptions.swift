#if NATS
    /// How to reach NATS servers, and as whom.
    ///
    /// ```swift
    /// var options = NATSOptions("nats://127.0.0.1:4222")
    /// options.credentials = .file("shop.creds")
    /// ```
    public struct NATSOptions: Hashable, Sendable {
        /// As whom to connect.
        public enum Credentials: Hashable, Sendable {
            /// With a name and a password.
            case user(String, password: String)
            /// With a token.
            case token(String)
            /// With a file that has the user's JWT and the seed of its key, as `nsc` writes it.
            case file(String)
            /// With the seed of a public key, from a file.
            case key(String, seedFile: String)
        }

        /// How the connection is encrypted.
        public struct Encryption: Hashable, Sendable {
            /// A file with the certificates that are trusted; those of the system without it.
            public var trusted: String?
            /// A file with the client's own certificate, and one with its key.
            public var certificate: (chain: String, key: String)? {
                get { chain.flatMap { chain in key.map { (chain, $0) } } }
                set { (chain, key) = (newValue?.chain, newValue?.key) }
            }
            /// The name that the server's certificate has to be for; the host of the URL without it.
            public var hostName: String?
            private var chain: String?
            private var key: String?

            /// Encrypts, and trusts what the system trusts.
            public init() {}
        }

        /// The servers, by URL, such as `nats://127.0.0.1:4222`. Those of the same cluster are found by the first that answers.
        public var urls: [String]
        /// As whom to connect; nil for nobody, or for whom the URL names.
        public var credentials: Credentials?
        /// How the connection is encrypted; nil for what the URL says: `tls://` is.
        public var encryption: Encryption?
        /// The name that the server shows for the connection.
        public var name = "swift-event-dispatch"
        /// How long a call waits for an answer before it fails.
        public var timeout = Duration.seconds(5)
        /// The pause between attempts to connect again, which never end.
        public var reconnectPause = Duration.milliseconds(500)
        /// How many bytes are held while there is no connection. Publishing throws when there are more.
        public var reconnectBuffer = 8 << 20

        /// Makes options for a server, or for several of a cluster.
        public init(_ urls: String...) { self.urls = urls }
    }
#endif
