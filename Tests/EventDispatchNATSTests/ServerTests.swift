#if NATS
    import EventDispatch
    import EventDispatchNATS
    import EventDispatchStore
    import EventDispatchTesting
    import Foundation
    import TestSupport
    import Testing

    /// Whom a server lets in, and how the connection is encrypted.
    @Suite(.enabled(if: NATSServer.path != nil), .timeLimit(.minutes(10))) struct CredentialTests {
        private func start(_ arguments: [String]) throws -> (NATSServer, NATSOptions) {
            let server = try NATSServer(try #require(NATSServer.path), arguments)
            return (server, NATSOptions(server.url))
        }

        private func file(_ name: String, _ text: String) throws -> String {
            let path = try temporaryPath(name)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return path
        }

        /// A program is let in with some options, and not with others.
        private func check(
            _ right: NATSOptions,
            _ wrong: [NATSOptions],
            _ sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            for options in wrong {
                let error = await #expect(throws: EventStoreError.self, sourceLocation: sourceLocation) {
                    try await NATSEventStore(options, stream: "shop")
                }
                #expect(
                    error?.code == .notPermitted && error?.isTransient == false,
                    "\(String(describing: error))",
                    sourceLocation: sourceLocation
                )
            }
            let store = try await NATSEventStore(right, stream: "shop")
            #expect(try await store.publish(OrderPlaced(id: 1)) == 1, sourceLocation: sourceLocation)
        }

        @Test func `a token lets a program in`() async throws {
            var (server, options) = try start(["--auth", "s3cret"])
            defer { server.kill() }
            let none = options
            options.credentials = .token("other")
            let wrong = options
            options.credentials = .token("s3cret")
            try await check(options, [none, wrong])
        }

        @Test func `a key lets a program in`() async throws {
            let (own, other) = (try Key(.user), try Key(.user))
            let config = try file("server.conf", #"authorization { users: [ { nkey: "\#(own.id)" } ] }"#)
            var (server, options) = try start(["-c", config])
            defer { server.kill() }
            let none = options
            options.credentials = .key(other.id, seedFile: try file("other.nk", other.seed))
            let wrong = options
            options.credentials = .key(own.id, seedFile: try file("own.nk", own.seed))
            try await check(options, [none, wrong])
        }

        @Test func `a file of credentials lets a program in`() async throws {
            let (owner, user) = (try Key(.operator), try Key(.user))
            let (account, system) = (try Key(.account), try Key(.account))
            let limits = #""subs":-1,"data":-1,"payload":-1"#
            let stored = #""mem_storage":-1,"disk_storage":-1,"streams":-1,"consumer":-1"#
            let other = #""imports":-1,"exports":-1,"wildcards":true,"conn":-1,"leaf":-1"#
            let plain = #"{"limits":{\#(limits),\#(other)},"type":"account","version":2}"#
            let large = #"{"limits":{\#(limits),\#(other),\#(stored)},"type":"account","version":2}"#
            let config = try file(
                "server.conf",
                """
                operator: \(owner.sign(#"{"type":"operator","version":2}"#, about: owner))
                system_account: \(system.id)
                resolver: MEMORY
                resolver_preload: {
                    \(system.id): \(owner.sign(plain, about: system))
                    \(account.id): \(owner.sign(large, about: account))
                }
                """
            )
            func credentials(_ jwt: String, _ user: Key) throws -> NATSOptions.Credentials {
                let text = """
                    -----BEGIN NATS USER JWT-----
                    \(jwt)
                    ------END NATS USER JWT------

                    -----BEGIN USER NKEY SEED-----
                    \(user.seed)
                    ------END USER NKEY SEED------

                    """
                return .file(try file("user.creds", text))
            }
            var (server, options) = try start(["-c", config])
            defer { server.kill() }
            let none = options
            let claims = #"{\#(limits),"pub":{},"sub":{},"type":"user","version":2}"#
            options.credentials = try credentials(try account.sign(claims, about: user), try Key(.user))
            let wrong = options
            options.credentials = try credentials(try account.sign(claims, about: user), user)
            try await check(options, [none, wrong])
        }

        @Test func `a connection is encrypted and both sides show a certificate`() async throws {
            let (own, other) = (try Certificates(), try Certificates())
            let server = try own.issue("localhost")
            var (running, options) = try start([
                "--tlsverify", "--tlscert", server.chain, "--tlskey", server.key, "--tlscacert", own.authority,
            ])
            defer { running.kill() }
            var encryption = NATSOptions.Encryption()
            encryption.hostName = "localhost"
            encryption.trusted = own.authority
            var wrong: [NATSOptions] = []
            options.encryption = encryption
            wrong.append(options)
            encryption.certificate = try own.issue("client")
            encryption.trusted = other.authority
            options.encryption = encryption
            wrong.append(options)
            encryption.trusted = own.authority
            encryption.hostName = "elsewhere"
            options.encryption = encryption
            wrong.append(options)
            encryption.hostName = "localhost"
            options.encryption = encryption
            try await check(options, wrong)
        }
    }

    /// The orders that were handled, in the order in which they were.
    private final class Handled: Sendable {
        private let all = Locked<[Int]>([])

        var ids: [Int] { all.withLock { $0 } }

        func add(_ id: Int) { all.withLock { $0.append(id) } }
    }

    /// What becomes of events while a server is stopped, killed, or loses a stream.
    @Suite(.enabled(if: NATSServer.path != nil), .timeLimit(.minutes(10))) struct ServerFaultTests {
        private func start() throws -> (NATSServer, NATSOptions) {
            let server = try NATSServer(try #require(NATSServer.path))
            var options = NATSOptions(server.url)
            options.timeout = .seconds(2)
            options.reconnectPause = .milliseconds(50)
            return (server, options)
        }

        /// A store that keeps what is counted afterwards, and takes over soon.
        private func open(_ options: NATSOptions) async throws -> NATSEventStore {
            try await NATSEventStore(options, stream: "shop", retention: .forever, takeover: .seconds(1))
        }

        /// Publishes an order until it's acknowledged; returns how often that failed.
        private func publish(_ id: Int, in store: NATSEventStore) async throws -> Int {
            var count = 0
            while true {
                do {
                    try await store.publish(OrderPlaced(id: id), id: "\(id)")
                    return count
                } catch {
                    guard error.isTransient else { throw error }
                    count += 1
                }
            }
        }

        private func collect(_ store: NATSEventStore, into seen: Handled) async throws -> DurableSubscription {
            try await store.subscribe("billing", from: .beginning) {
                On(OrderPlaced.self) { Handle { order in seen.add(order.id) } }
            }
        }

        @Test func `a server that is stopped for ten seconds delays events and loses none`() async throws {
            let (server, options) = try start()
            defer { server.kill() }
            let store = try await open(options)
            let seen = Handled()
            let billing = try await collect(store, into: seen)
            _ = try await publish(1, in: store)
            server.suspend()
            for _ in 0..<5 {
                // Each waits for two seconds.
                let error = await #expect(throws: EventStoreError.self) {
                    try await store.publish(OrderPlaced(id: 2), id: "2")
                }
                #expect(error?.code == .unavailable && error?.isTransient == true)
            }
            server.resume()
            _ = try await publish(2, in: store)
            _ = try await publish(3, in: store)
            try await billing.caughtUp()
            #expect(seen.ids == [1, 2, 3])
            #expect(try await store.events(at: [1, 2, 3, 4]).map(\.id) == ["1", "2", "3"])
            await billing.stop()
        }

        @Test func `what a server has acknowledged is there when it was killed`() async throws {
            let (server, options) = try start()
            defer { server.kill() }
            let store = try await open(options)
            let (seen, outbox) = (Handled(), MemoryEventStore())
            let billing = try await collect(store, into: seen)
            let forwarding = try await outbox.forward(to: store)
            for round in 0..<3 {
                for number in 1...20 {
                    let id = round * 20 + number
                    if number == 10 {
                        server.kill()
                        try server.restart()
                    }
                    if number % 2 == 0 {
                        _ = try await publish(id, in: store)
                    } else {
                        try await outbox.publish(OrderPlaced(id: id), id: "\(id)")
                    }
                }
            }
            try await forwarding.caughtUp()
            try await billing.caughtUp()
            #expect(Set(seen.ids) == Set(1...60))
            let stored = try await store.read(after: 0, limit: 100, .everything).events.compactMap { Int($0.id) }
            #expect(stored.count == 60)
            #expect(stored.filter { $0 % 2 == 1 } == stride(from: 1, to: 60, by: 2).map { $0 }, "forwarded in order")
            await forwarding.stop()
            await billing.stop()
        }

        @Test func `when its stream is deleted deliveries and forwarding end and tell why`() async throws {
            let (server, options) = try start()
            defer { server.kill() }
            let store = try await NATSEventStore(options, stream: "shop")
            let (seen, outbox) = (Handled(), MemoryEventStore())
            let billing = try await collect(store, into: seen)
            let forwarding = try await outbox.forward(to: store)
            try await outbox.publish(OrderPlaced(id: 1))
            try await forwarding.caughtUp()
            try await billing.caughtUp()
            try RawClient(server.url).delete("shop")
            // By itself, whether or not anybody asks.
            while try await store.deliverer(of: "billing") == .here {}
            let error = await #expect(throws: EventStoreError.self) { try await billing.caughtUp() }
            #expect(error?.code == .streamGone && error?.isTransient == false)
            #expect(error?.message.contains("'shop'") == true)
            try await outbox.publish(OrderPlaced(id: 2))
            let second = await #expect(throws: EventStoreError.self) { try await forwarding.caughtUp() }
            #expect(second?.code == .streamGone)
            await forwarding.stop()
            // A new stream is a new store; what wasn't forwarded is forwarded to it.
            let next = try await NATSEventStore(options, stream: "shop")
            let again = try await outbox.forward(to: next)
            try await again.caughtUp()
            #expect(try await next.read(after: 0, limit: 9, .everything).events.count == 1)
            await again.stop()
        }

        @Test func `when its stream is deleted a shared subscription ends and tells why`() async throws {
            let (server, options) = try start()
            defer { server.kill() }
            let store = try await NATSEventStore(options, stream: "shop")
            let billing = try await store.subscribe("billing", from: .beginning, order: .concurrent(2)) {
                On(OrderPlaced.self) { Handle { _ in } }
            }
            try await billing.caughtUp()
            try RawClient(server.url).delete("shop")
            while try await store.deliverer(of: "billing") == .here {}
            let error = await #expect(throws: EventStoreError.self) { try await billing.caughtUp() }
            #expect(error?.code == .streamGone && error?.message.contains("'shop'") == true)
        }

        @Test func `when the records of subscriptions are deleted deliveries end and tell why`() async throws {
            let (server, options) = try start()
            defer { server.kill() }
            let store = try await NATSEventStore(options, stream: "shop")
            let billing = try await collect(store, into: Handled())
            try await billing.caughtUp()
            try RawClient(server.url).delete("shop-subscriptions")
            try await store.publish(OrderPlaced(id: 1))
            let error = await #expect(throws: EventStoreError.self) { try await billing.caughtUp() }
            #expect(error?.code == .streamGone && error?.message.contains("'shop-subscriptions'") == true)
        }
    }
#endif
