#if NATS
    import CNATS
    import EventDispatch
    import EventDispatchStore
    import Foundation

    /// The state of a connection to NATS.
    public enum NATSConnectionState: Hashable, Sendable {
        /// There is a connection.
        case connected
        /// The connection is lost; it's made again as soon as a server answers.
        case reconnecting
        /// The connection is closed for good: the server doesn't let this program in any more, or the store is gone.
        case closed
    }

    /// A connection to NATS, with a context of JetStream. Its calls may block; make them on a ``StoreThread``.
    final class NATSConnection: Sendable {
        /// An object of libnats that may be used on any thread.
        struct Handle: @unchecked Sendable {
            // Sound: libnats guards connections and contexts with locks of their own, and the pointer itself doesn't change.
            let pointer: OpaquePointer
        }

        /// What callbacks of libnats' threads find by its number, as long as the connection lives.
        private final class Callbacks: Sendable {
            let state = Locked(NATSConnectionState.connected)
            let publishes = Locked<[UInt: @Sendable (Result<Int64, EventStoreError>) -> Void]>([:])
            let reconnected: @Sendable () -> Void

            init(_ reconnected: @escaping @Sendable () -> Void) { self.reconnected = reconnected }
        }

        let options: NATSOptions
        private let connection: Handle
        private let context: Handle
        private let callbacks: Callbacks
        private let number: UInt

        /// The number stands for the object in callbacks. A pointer to it could be used after it is freed: a thread of libnats may call
        /// back while the connection is being closed.
        private static let all = Locked<(last: UInt, living: [UInt: Callbacks])>((0, [:]))

        private static func callbacks(_ closure: UnsafeMutableRawPointer?) -> Callbacks? {
            all.withLock { $0.living[UInt(bitPattern: closure)] }
        }

        /// Connects; blocks until it has, or can't.
        init(_ options: NATSOptions, reconnected: @escaping @Sendable () -> Void) throws(EventStoreError) {
            self.options = options
            let callbacks = Callbacks(reconnected)
            let number = Self.all.withLock { all in
                all.last += 1
                all.living[all.last] = callbacks
                return all.last
            }
            do throws(EventStoreError) {
                connection = Handle(pointer: try Self.connect(options, number))
            } catch {
                _ = Self.all.withLock { $0.living.removeValue(forKey: number) }
                throw error
            }
            do throws(EventStoreError) {
                context = Handle(pointer: try Self.context(of: connection.pointer, options, number))
            } catch {
                natsConnection_Destroy(connection.pointer)
                _ = Self.all.withLock { $0.living.removeValue(forKey: number) }
                throw error
            }
            self.callbacks = callbacks
            self.number = number
        }

        deinit {
            let number = number
            _ = Self.all.withLock { $0.living.removeValue(forKey: number) }
            // Closing waits for threads of libnats, one of which may be the one that lets go.
            StoreThread("NATS.closing").run { [connection, context] in
                natsConnection_Close(connection.pointer)
                jsCtx_Destroy(context.pointer)
                natsConnection_Destroy(connection.pointer)
            }
        }

        /// The context of JetStream.
        var jetStream: OpaquePointer { context.pointer }

        /// The connection itself.
        var core: OpaquePointer { connection.pointer }

        /// The state of the connection.
        var state: NATSConnectionState { callbacks.state.withLock { $0 } }

        /// How many bytes have come from the server.
        var receivedBytes: UInt64 { counts.bytes }

        /// How often the connection has been made again.
        var reconnects: UInt64 { counts.reconnects }

        private var counts: (bytes: UInt64, reconnects: UInt64) {
            var statistics: OpaquePointer?
            guard natsStatistics_Create(&statistics) == NATS_OK else { return (0, 0) }
            defer { natsStatistics_Destroy(statistics) }
            var (bytes, reconnects): (UInt64, UInt64) = (0, 0)
            natsConnection_GetStats(core, statistics)
            natsStatistics_GetCounts(statistics, nil, &bytes, nil, nil, &reconnects)
            return (bytes, reconnects)
        }

        /// Publishes a message to a stream, without waiting.
        ///
        /// - Parameters:
        ///   - message: the message, which belongs to the library from now on.
        ///   - stream: the stream that has to take it.
        ///   - previous: the ID of the message that has to be the last of the stream before it; nil for any.
        ///   - done: called once, on any thread: with the sequence when it's stored, or the error.
        func publish(
            _ message: consuming NATSMessage,
            in stream: String,
            behind previous: String? = nil,
            _ done: @escaping @Sendable (Result<Int64, EventStoreError>) -> Void
        ) {
            var pointer: OpaquePointer? = message.release()
            let key = UInt(bitPattern: pointer)
            callbacks.publishes.withLock { $0[key] = done }
            var publishing = jsPubOptions()
            var status = jsPubOptions_Init(&publishing)
            if status == NATS_OK {
                publishing.MaxWait = options.timeout.milliseconds
                let strings = CStrings()
                publishing.ExpectStream = strings[stream]
                publishing.ExpectLastMsgId = strings[previous]
                status = js_PublishMsgAsync(jetStream, &pointer, &publishing)
                withExtendedLifetime(strings) {}
            }
            guard status != NATS_OK else { return }
            natsMsg_Destroy(pointer)
            guard let done = callbacks.publishes.withLock({ $0.removeValue(forKey: key) }) else { return }
            do throws(EventStoreError) {
                try NATSFault.check(status, "publish to '\(stream)' at \(server)")
            } catch {
                done(.failure(error))
            }
        }

        /// Sends at once what was published. Otherwise the library gathers it for a millisecond, which is longer than everything else takes
        /// that a batch needs. It waits for the server, but not for long.
        func flush() { natsConnection_FlushTimeout(core, 100) }

        /// The servers, for errors.
        var server: String { options.urls.joined(separator: ", ") }
    }

    // Connecting.

    extension NATSConnection {
        private static func connect(_ options: NATSOptions, _ number: UInt) throws(EventStoreError) -> OpaquePointer {
            var pointer: OpaquePointer?
            try NATSFault.check(natsOptions_Create(&pointer), "make options")
            defer { natsOptions_Destroy(pointer) }
            try set(options, in: pointer)
            try setCallbacks(number, in: pointer)
            var connection: OpaquePointer?
            let status = natsConnection_Connect(&connection, pointer)
            let what = "connect to \(options.urls.joined(separator: ", "))"
            if status == NATS_PROTOCOL_ERROR, options.encryption != nil {
                // Who shows no certificate, or one that the server doesn't trust, is told so after the handshake, by an end without a word.
                throw EventStoreError(.notPermitted, "can't \(what): the server wants a certificate that it trusts")
            }
            try NATSFault.check(status, what)
            guard let connection else { throw EventStoreError(.unavailable, "the library made no connection") }
            return connection
        }

        private static func set(_ options: NATSOptions, in pointer: OpaquePointer?) throws(EventStoreError) {
            let urls = options.urls.joined(separator: ",")
            let copies = options.urls.map { strdup($0) }
            defer { for copy in copies { free(copy) } }
            var servers = copies.map { UnsafePointer($0) }
            try NATSFault.check(
                natsOptions_SetServers(pointer, &servers, Int32(servers.count)),
                "use the URL '\(urls)'"
            )
            try NATSFault.check(natsOptions_SetName(pointer, options.name), "name the connection")
            try NATSFault.check(natsOptions_SetTimeout(pointer, options.timeout.milliseconds), "set the time-out")
            try NATSFault.check(natsOptions_SetAllowReconnect(pointer, true), "connect again")
            try NATSFault.check(natsOptions_SetMaxReconnect(pointer, -1), "connect again for ever")
            try NATSFault.check(
                natsOptions_SetReconnectWait(pointer, options.reconnectPause.milliseconds),
                "set the pause between connections"
            )
            try NATSFault.check(
                natsOptions_SetReconnectBufSize(pointer, Int32(clamping: options.reconnectBuffer)),
                "set the size of the buffer"
            )
            // Otherwise a request that was under way waits for its whole time-out.
            try NATSFault.check(natsOptions_SetFailRequestsOnDisconnect(pointer, true), "fail when disconnected")
            if let credentials = options.credentials { try set(credentials, in: pointer) }
            if let encryption = options.encryption { try set(encryption, in: pointer) }
        }

        private static func set(
            _ credentials: NATSOptions.Credentials,
            in pointer: OpaquePointer?
        ) throws(EventStoreError) {
            switch credentials {
            case .user(let name, let password):
                try NATSFault.check(natsOptions_SetUserInfo(pointer, name, password), "use the user '\(name)'")
            case .token(let token):
                try NATSFault.check(natsOptions_SetToken(pointer, token), "use the token")
            case .file(let path):
                try NATSFault.check(
                    natsOptions_SetUserCredentialsFromFiles(pointer, path, nil),
                    "use the credentials in '\(path)'"
                )
            case .key(let key, let path):
                try NATSFault.check(natsOptions_SetNKeyFromSeed(pointer, key, path), "use the key in '\(path)'")
            }
        }

        private static func set(
            _ encryption: NATSOptions.Encryption,
            in pointer: OpaquePointer?
        ) throws(EventStoreError) {
            try NATSFault.check(natsOptions_SetSecure(pointer, true), "encrypt")
            if let path = encryption.trusted {
                try NATSFault.check(
                    natsOptions_LoadCATrustedCertificates(pointer, path),
                    "use the certificates in '\(path)'"
                )
            }
            if let (chain, key) = encryption.certificate {
                try NATSFault.check(
                    natsOptions_LoadCertificatesChain(pointer, chain, key),
                    "use the certificate in '\(chain)' with the key in '\(key)'"
                )
            }
            if let name = encryption.hostName {
                try NATSFault.check(natsOptions_SetExpectedHostname(pointer, name), "expect the host '\(name)'")
            }
        }

        private static func setCallbacks(_ number: UInt, in pointer: OpaquePointer?) throws(EventStoreError) {
            let closure = UnsafeMutableRawPointer(bitPattern: number)
            let what = "be told of the connection"
            let disconnected = natsOptions_SetDisconnectedCB(
                pointer,
                { NATSConnection.callbacks($1)?.state.withLock { $0 = .reconnecting } },
                closure
            )
            try NATSFault.check(disconnected, what)
            let reconnected = natsOptions_SetReconnectedCB(
                pointer,
                { _, closure in
                    guard let callbacks = NATSConnection.callbacks(closure) else { return }
                    callbacks.state.withLock { $0 = .connected }
                    callbacks.reconnected()
                },
                closure
            )
            try NATSFault.check(reconnected, what)
            let closed = natsOptions_SetClosedCB(
                pointer,
                { NATSConnection.callbacks($1)?.state.withLock { $0 = .closed } },
                closure
            )
            try NATSFault.check(closed, what)
        }

        private static func context(
            of connection: OpaquePointer,
            _ options: NATSOptions,
            _ number: UInt
        ) throws(EventStoreError) -> OpaquePointer {
            var settings = jsOptions()
            try NATSFault.check(jsOptions_Init(&settings), "make options for JetStream")
            settings.Wait = options.timeout.milliseconds
            settings.PublishAsync.MaxPending = 4096
            settings.PublishAsync.StallWait = options.timeout.milliseconds
            settings.PublishAsync.AckHandlerClosure = UnsafeMutableRawPointer(bitPattern: number)
            settings.PublishAsync.AckHandler = { _, message, acknowledgement, failure, closure in
                // The message belongs to this handler.
                defer { natsMsg_Destroy(message) }
                let key = UInt(bitPattern: message)
                let done = NATSConnection.callbacks(closure)?.publishes.withLock { $0.removeValue(forKey: key) }
                guard let done else { return }
                if let acknowledgement {
                    done(.success(Int64(clamping: acknowledgement.pointee.Sequence)))
                } else {
                    let status = failure?.pointee.Err ?? NATS_ERR
                    let code = failure?.pointee.ErrCode ?? jsErrCode(rawValue: 0)
                    let detail = failure?.pointee.ErrText.map { String(cString: $0) } ?? ""
                    done(.failure(NATSFault.error(status, code, "publish", detail: detail)))
                }
            }
            var context: OpaquePointer?
            try NATSFault.check(natsConnection_JetStream(&context, connection, &settings), "use JetStream")
            guard let context else { throw EventStoreError(.unavailable, "the library made no context of JetStream") }
            return context
        }
    }

    extension Duration {
        /// Whole milliseconds.
        var milliseconds: Int64 { whole(1_000) }

        /// Whole nanoseconds.
        var nanoseconds: Int64 { whole(1_000_000_000) }

        private func whole(_ parts: Int64) -> Int64 {
            Int64(clamping: components.seconds) * parts + components.attoseconds / (1_000_000_000_000_000_000 / parts)
        }
    }
#endif
