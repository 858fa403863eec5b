// Everything between a fixed beginning and the last " from " is the user's name, whatever it looks like.

extension ServerMessage {
    /// `METHOD for [invalid user ]USER from ADDRESS port N ssh2[: KEY]`
    func failedLogin(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard let login = Login(rest) else { return nil }
        let (client, port) = (login.endpoint, login.port)
        if login.method == "none" {
            return .methodsAsked(
                MethodsAsked(
                    time: time,
                    user: login.user,
                    address: client.address,
                    port: port,
                    userExists: login.userExists
                )
            )
        }
        return .loginFailed(
            LoginFailed(
                time: time,
                user: login.user,
                address: client.address,
                port: port,
                method: LoginMethod(name: login.method),
                userExists: login.userExists,
                attempts: repetitions
            )
        )
    }

    /// `METHOD for USER from ADDRESS port N ssh2[: KEY]`
    func acceptedLogin(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard let login = Login(rest) else { return nil }
        return .loginAccepted(
            LoginAccepted(
                time: time,
                user: login.user,
                address: login.endpoint.address,
                port: login.port,
                method: LoginMethod(name: login.method)
            )
        )
    }

    /// `[invalid user ]USER from ADDRESS port N ssh2`
    func exhaustedAttempts(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard let login = Login(method: "", rest) else { return nil }
        return .attemptsExhausted(
            AttemptsExhausted(
                time: time,
                user: login.user,
                address: login.endpoint.address,
                port: login.port,
                userExists: login.userExists
            )
        )
    }

    /// `USER from ADDRESS[ port N]`
    func unknownUser(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard let (user, client) = rest.splitAtLast(" from ", { Endpoint($0) }) else { return nil }
        return .unknownUserNamed(
            UnknownUserNamed(time: time, user: user.text, address: client.address, port: client.port)
        )
    }

    /// `USER[ from ADDRESS] not allowed because REASON`
    func refusedUser(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard let (who, reason) = rest.splitAtLast(" not allowed because ", { $0.text }) else { return nil }
        let split = who.splitAtLast(" from ") { Endpoint($0) }
        return .loginRefused(
            LoginRefused(
                time: time,
                user: (split?.before ?? who).text,
                address: split?.after.address,
                reason: reason
            )
        )
    }

    /// `ADDRESS[ port N]`
    func refusedRoot(_ rest: ArraySlice<UInt8>) -> ServerEvent? {
        guard let client = Endpoint(rest) else { return nil }
        let reason = "root may not log in"
        return .loginRefused(LoginRefused(time: time, user: "root", address: client.address, reason: reason))
    }
}
