#if NATS
    import Foundation
    import TestSupport

    /// A key as NATS has it: of Ed25519, in letters that say what it's for. `openssl` makes it and signs.
    struct Key {
        enum Kind: UInt8 {
            case account = 0
            case `operator` = 112
            case user = 160
        }

        private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

        /// The public key.
        let id: String
        /// The private one.
        let seed: String
        private let file: String

        init(_ kind: Kind) throws {
            file = try temporaryPath("key.pem")
            try openssl("genpkey", "-algorithm", "ed25519", "-out", file)
            let whole = try openssl("pkey", "-in", file, "-outform", "DER")
            let own = try openssl("pkey", "-in", file, "-pubout", "-outform", "DER")
            id = Self.text([kind.rawValue] + own.suffix(32))
            let prefix = UInt8(144)
            seed = Self.text([prefix | kind.rawValue >> 5, (kind.rawValue & 31) << 3] + whole.suffix(32))
        }

        /// A signed statement about a key.
        func sign(_ claims: String, about subject: Key) throws -> String {
            let who = #""iss":"\#(id)","sub":"\#(subject.id)","name":"test""#
            let claims = #"{"jti":"x","iat":1700000000,\#(who),"nats":\#(claims)}"#
            let signed = Self.base64(#"{"typ":"JWT","alg":"ed25519-nkey"}"#) + "." + Self.base64(claims)
            let path = try temporaryPath("claims")
            try Data(signed.utf8).write(to: URL(fileURLWithPath: path))
            let signature = try openssl("pkeyutl", "-sign", "-rawin", "-inkey", file, "-in", path)
            return signed + "." + Self.urlSafe(signature)
        }

        private static func base64(_ text: String) -> String { urlSafe(Data(text.utf8)) }

        private static func urlSafe(_ data: Data) -> String {
            data.base64EncodedString().replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
        }

        /// In base 32, with a check sum (CRC-16) at the end.
        private static func text(_ bytes: [UInt8]) -> String {
            var sum: UInt16 = 0
            for byte in bytes {
                sum ^= UInt16(byte) << 8
                for _ in 0..<8 { sum = sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
            }
            var (text, bits, count) = ("", 0, 0)
            for byte in bytes + [UInt8(sum & 0xFF), UInt8(sum >> 8)] {
                bits = bits << 8 | Int(byte)
                count += 8
                while count >= 5 {
                    count -= 5
                    text.append(alphabet[bits >> count & 31])
                }
                bits &= 1 << count - 1
            }
            if count > 0 { text.append(alphabet[bits << (5 - count) & 31]) }
            return text
        }
    }

    /// Certificates of an authority of their own.
    struct Certificates {
        let authority: String

        init() throws {
            authority = try temporaryPath("ca.pem")
            try openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=test authority",
                "-keyout",
                authority + ".key",
                "-out",
                authority
            )
        }

        /// A certificate and its key.
        func issue(_ name: String) throws -> (chain: String, key: String) {
            let path = try temporaryPath("\(name).pem")
            try openssl(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=\(name)",
                "-keyout",
                path + ".key",
                "-out",
                path + ".request"
            )
            try Data("subjectAltName=DNS:\(name)\nextendedKeyUsage=serverAuth,clientAuth\n".utf8)
                .write(to: URL(fileURLWithPath: path + ".extensions"))
            try openssl(
                "x509",
                "-req",
                "-in",
                path + ".request",
                "-CA",
                authority,
                "-CAkey",
                authority + ".key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                path + ".extensions",
                "-out",
                path
            )
            return (path, path + ".key")
        }
    }

    private struct OpenSSLFailed: Error { let arguments: [String] }

    /// Runs `openssl`; returns what it writes.
    @discardableResult
    private func openssl(_ arguments: String...) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw OpenSSLFailed(arguments: arguments) }
        return data
    }
#endif
