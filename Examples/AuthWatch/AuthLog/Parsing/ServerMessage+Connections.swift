extension ServerMessage {
    /// `ADDRESS[ port N]:CODE: TEXT`, in older versions `ADDRESS: CODE: TEXT`
    func goodbye(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard let (client, tail) = Endpoint.withText(rest) else { return nil }
        var scanner = ByteScanner(tail)
        scanner.skipSpaces()
        let code = scanner.number()
        if code != nil { _ = scanner.skip(":") }
        scanner.skipSpaces()
        return disconnected(.saidGoodbye, client, code: code, text: scanner.rest.text)
    }

    /// `[authenticating user USER |invalid user USER |user USER ]ADDRESS[ port N]`
    func disconnection(_ rest: ArraySlice<UInt8>, _ end: Disconnected.End) -> ServerEvent? {
        guard let peer = Peer(rest) else { return nil }
        return disconnected(end, peer.endpoint, user: peer.user)
    }

    /// `[ PEER]: TEXT`
    func thrownOut(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        var scanner = ByteScanner(rest)
        if scanner.skip(": ") { return disconnected(.thrownOut, nil, text: scanner.rest.text) }
        guard scanner.skip(" ") else { return nil }
        guard let (peer, text) = Peer.withText(scanner.rest) else { return nil }
        return disconnected(.thrownOut, peer.endpoint, user: peer.user, text: text.withoutLeadingSpaces.text)
    }

    /// `PEER: REASON`
    func failedHandshake(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard let (peer, reason) = Peer.withText(rest) else { return nil }
        return failedHandshake(peer.endpoint, reason.withoutLeadingSpaces.text)
    }

    /// `ADDRESS[ port N]`
    func failedHandshake(_ rest: ArraySlice<UInt8>, _ reason: String) -> ServerEvent? {
        Endpoint(rest).map { failedHandshake($0, reason) }
    }

    /// `ADDRESS[ port N]`, in newer versions `connection from ADDRESS to ADDRESS, pid = N`
    func timeoutBeforeLogin(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        let reason = "timeout before authentication"
        var scanner = ByteScanner(rest)
        let client = scanner.skip("connection from ") ? scanner.word() : rest
        return failedHandshake(client, reason)
    }

    /// `'TEXT' from ADDRESS[ port N]`
    func badVersion(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard let (version, client) = rest.splitAtLast(" from ", { Endpoint($0) }) else { return nil }
        return failedHandshake(client, "bad version \(version.text)")
    }

    /// `NAME [ADDRESS] failed…`, in very old versions without the address
    func unresolvedName(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard let (names, _) = rest.splitAtLast(" failed", { _ in true }) else { return nil }
        let split = names.removing(suffix: "]")?.splitAtLast(" [") { Endpoint.address($0) }
        let host = split?.before ?? names
        guard let address = split?.after ?? Endpoint.address(names) else { return nil }
        return suspected(address, host, .unresolved)
    }

    /// `ADDRESS maps to NAME, but this does not map back to the address…`
    func nameOfAnother(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        var scanner = ByteScanner(rest)
        guard
            let address = Endpoint.address(scanner.word()),
            scanner.skip(" maps to "),
            let (host, _) = scanner.rest.splitAtLast(", but this does not map back to the address", { _ in true })
        else { return nil }
        return suspected(address, host, .resolvesElsewhere)
    }

    /// `"NAME" is set up for ADDRESS, ignoring`
    func nastyName(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard
            let (quoted, address) = rest.removing(suffix: ", ignoring")?
                .splitAtLast(" is set up for ", { Endpoint.address($0) })
        else { return nil }
        return suspected(address, quoted.dropFirst().dropLast(), .looksLikeAnAddress)
    }

    /// `ADDRESS port N.`
    func listening(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        var scanner = ByteScanner(rest)
        guard let endpoint = Endpoint(&scanner), let port = endpoint.port else { return nil }
        return .serverListening(ServerListening(time: time, address: endpoint.address, port: port))
    }

    private func disconnected(
        _ end: Disconnected.End,
        _ client: Endpoint?,
        user: String? = nil,
        code: Int? = nil,
        text: String = ""
    ) -> ServerEvent {
        .disconnected(
            Disconnected(
                time: time,
                end: end,
                address: client?.address,
                port: client?.port,
                user: user,
                code: code,
                text: text,
                isBeforeLogin: isBeforeLogin
            )
        )
    }

    private func failedHandshake(_ client: Endpoint, _ reason: String) -> ServerEvent {
        .handshakeFailed(
            HandshakeFailed(time: time, address: client.address, port: client.port, reason: reason)
        )
    }

    private func suspected(
        _ address: String,
        _ host: ArraySlice<UInt8>,
        _ suspicion: BreakInSuspected.Suspicion
    ) -> ServerEvent {
        .breakInSuspected(
            BreakInSuspected(time: time, address: address, host: host.text, suspicion: suspicion)
        )
    }
}
