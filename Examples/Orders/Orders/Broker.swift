#if SQLite
    import EventDispatchStore
    import OrderService

    #if NATS
        import EventDispatchNATS
    #endif

    /// Takes `--nats URL` out of the arguments, and opens the store that it names; nil without it.
    func broker(namedIn arguments: inout [String]) async throws -> (any EventStore)? {
        guard let option = arguments.firstIndex(of: "--nats") else { return nil }
        guard option + 1 < arguments.count else { throw OrdersFailure("--nats needs a URL; see --help") }
        let url = arguments[option + 1]
        arguments.removeSubrange(option...option + 1)
        #if NATS
            return try await NATSEventStore(NATSOptions(url), stream: "orders")
        #else
            throw OrdersFailure("'\(url)' needs NATS: swift run --traits SQLite,NATS Orders")
        #endif
    }
#endif
