import EventDispatch

/// What AuthWatch does, all of it: which lines of the log matter, what is raised as an alert, and what is counted.
///
/// Read it from the top. The phases of one event run in order: `before` remembers, `during` judges, `after` counts.
struct AuthWatchRules {
    let limits: WatchLimits
    let addresses: AddressBook
    let counts: WatchCounts
    let desk: AlertDesk
    let announce: @Sendable (Announcement) -> Void

    func register(with dispatcher: EventDispatcher) throws -> EventSubscription {
        let runs = counts.handlers

        return try dispatcher.subscribe {
            On(LoginFailed.self) {
                Phase(.before) {
                    Where(\.method, in: LoginMethod.guesses)
                    Handle("remember the failure", counted: runs) { failure in
                        for mark in addresses.noteFailure(failure) { try desk.fire(mark) }
                    }
                }
                Rule {
                    Where(\.user == "root")
                    Where(\.method, in: LoginMethod.guesses)
                    Handle("alert: failed as root", counted: runs) { failure in
                        try desk.raise(.rootFailure, about: failure, "failed as root with \(failure.means)")
                    }
                }
                Phase(.after) {
                    Where(\.method == .password)
                    Handle("count passwords", counted: runs) { failure in
                        counts.failedPasswords.add(failure.attempts)
                    }
                }
            }

            On(UnknownUserNamed.self) {
                Phase(.before) {
                    Handle("remember the user", counted: runs) { event in
                        for mark in addresses.noteUser(event) { try desk.fire(mark) }
                    }
                }
            }

            // Derived from many lines: the handlers above fire it when an address reaches a limit.
            On(AddressStoodOut.self) {
                Rule {
                    Where(\.mark == .manyUsers)
                    Handle("alert: many users", counted: runs) { event in
                        let users = addresses[event.address].users.map(quoted).joined(separator: ", ")
                        try desk.raise(.manyUsers, about: event, "tried \(event.count) different users: \(users)")
                    }
                }
                Rule {
                    Where(\.mark == .manyFailures)
                    Handle("alert: many failures", counted: runs) { event in
                        try desk.raise(.manyFailures, about: event, "\(event.count) failed logins")
                    }
                }
            }

            On(LoginAccepted.self) {
                Rule {
                    // What no match key can say: it depends on what happened before.
                    Where { login in addresses[login.address].failuresSinceLogin >= limits.failuresBeforeLogin }
                    Handle("alert: login after failures", counted: runs) { login in
                        let failures = addresses[login.address].failuresSinceLogin
                        let text =
                            "\(quoted(login.user)) logged in with \(login.method.name) after \(failures) failures"
                        try desk.raise(.loginAfterFailures, about: login, text)
                    }.priority(1)
                }
                Rule {
                    Where(\.user == "root")
                    Handle("alert: login as root", counted: runs) { login in
                        try desk.raise(.rootLogin, about: login, "root logged in with \(login.method.name)")
                    }
                }
                Phase(.after) {
                    Handle("forget the failures before", counted: runs) { login in addresses.noteLogin(login) }
                }
            }

            On(AttemptsExhausted.self) {
                Handle("alert: attempts exhausted", counted: runs) { event in
                    try desk.raise(.attemptsExhausted, about: event, "used up its attempts as \(quoted(event.user))")
                }
            }

            On(BreakInSuspected.self) {
                Handle("alert: suspicious name", counted: runs) { event in
                    try desk.raise(.suspiciousName, about: event, "\(event.host) \(event.suspicion.words)")
                }
            }

            On(LoginRefused.self) {
                Where(\.address, .exists)
                Handle("alert: refused user", counted: runs) { event in
                    guard let address = event.address else { return }
                    let text = "\(quoted(event.user)) is kept out: \(event.reason)"
                    try desk.raise(.refusedUser, about: address, at: event.time, text)
                }
            }

            // Alerts are events as well, so that what is shown is a rule like any other.
            On(AlertRaised.self) {
                Handle("show the alert", counted: runs) { alert in
                    counts.alertsShown.add()
                    announce(.alert(alert))
                }.limit(limits.alertsShown, per: \.address, within: limits.alertSpan, capacity: limits.addresses)
                Rule {
                    Where(\.numberForAddress == limits.alertsShown + 1)
                    Handle("say that more are silent", counted: runs) { alert in announce(.silence(alert)) }
                }
            }

            counting(LoginFailed.self)
            counting(LoginAccepted.self)
            counting(LoginRefused.self)
            counting(MethodsAsked.self)
            counting(UnknownUserNamed.self)
            counting(AttemptsExhausted.self)
            counting(HandshakeFailed.self)
            counting(BreakInSuspected.self)
            counting(PAMFailed.self)
            counting(SessionOpened.self)
            counting(SessionClosed.self)
            counting(Disconnected.self)
            counting(ServerListening.self)
            counting(AddressStoodOut.self)
            counting(AlertRaised.self)
        }
    }

    /// Blocks are values: a function can return one for any type of event.
    private func counting<Event: MatchableEvent>(_ event: Event.Type) -> On<Event>
    where Event.Phases == StandardPhases, Event.Reply == Void {
        let events = counts.events.counter(named: "\(Event.self)")
        return On(event) {
            Phase(.after) {
                Handle("count the event", counted: counts.handlers) { _ in events.add() }
            }
        }
    }
}
