import EventDispatch
import Testing

/// Which handlers a block's lines narrow.
@Suite(.timeLimit(.minutes(10))) struct ClauseTests {
    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    /// What runs for an event, in order.
    private func handlersRun(
        by event: UserCreated,
        @SubscriptionBuilder _ declarations: () -> [SubscriptionDeclaration]
    ) throws -> [String] {
        let subscription = try dispatcher.subscribe(declarations)
        defer { subscription.cancel() }
        let before = journal.entries.count
        try dispatcher.fireSynchronously(event)
        return Array(journal.entries.dropFirst(before))
    }

    @Test func `a where narrows every handler of its block and no other`() throws {
        for role in [UserCreated.Role.user, .admin] {
            let run = try handlersRun(by: UserCreated(role: role)) {
                On(UserCreated.self) {
                    Handle { _ in journal.note("outside") }
                    Rule {
                        Handle { _ in journal.note("above the line") }
                        Where(\.role == .admin)
                        Handle { _ in journal.note("below the line") }
                    }
                }
            }
            #expect(run == (role == .admin ? ["outside", "above the line", "below the line"] : ["outside"]))
        }
    }

    @Test func `several where lines have to hold together`() throws {
        for (role, logins, expected) in [(UserCreated.Role.admin, 1, ["ran"]), (.admin, 3, []), (.user, 1, [])] {
            let run = try handlersRun(by: UserCreated(role: role, logins: logins)) {
                On(UserCreated.self) {
                    Where(\.role == .admin)
                    Where(\.logins, in: 0..<3)
                    Handle { _ in journal.note("ran") }
                }
            }
            #expect(run == expected)
        }
    }

    @Test func `lines of nested blocks have to hold together`() throws {
        for (role, logins, expected) in [(UserCreated.Role.admin, 1, ["ran"]), (.admin, 3, []), (.user, 1, [])] {
            let run = try handlersRun(by: UserCreated(role: role, logins: logins)) {
                On(UserCreated.self) {
                    Where(\.role == .admin)
                    Phase(.before) {
                        Rule {
                            Where(\.logins < 3)
                            Handle { _ in journal.note("ran") }
                        }
                    }
                }
            }
            #expect(run == expected)
        }
    }

    @Test func `any of holds when one of its lines does and runs the handler once`() throws {
        let cases: [(UserCreated, [String])] = [
            (UserCreated(name: "root", role: .user, logins: 9), ["ran"]),
            (UserCreated(name: "bob", role: .admin, logins: 1), ["ran"]),
            (UserCreated(name: "bob", role: .admin, logins: 9), []),
            (UserCreated(name: "root", role: .admin, logins: 1), ["ran"]),
            (UserCreated(name: "bob", role: .guest, logins: 9), ["ran"]),
        ]
        for (event, expected) in cases {
            let run = try handlersRun(by: event) {
                On(UserCreated.self) {
                    AnyOf {
                        Where(\.name == "root")
                        Rule {
                            Where(\.role == .admin)
                            Where(\.logins < 3)
                        }
                        AnyOf { Where(\.role == .guest) }
                    }
                    Handle { _ in journal.note("ran") }
                }
            }
            #expect(run == expected, "\(event)")
        }
    }

    @Test func `any of prints as Swift source`() throws {
        let subscription = try dispatcher.subscribe {
            On(UserCreated.self) {
                Where(\.logins > 0)
                AnyOf {
                    Where(\.name == "root")
                    Rule {
                        Where(\.role == .admin)
                        Where(\.logins < 3)
                    }
                }
                Handle { _ in }
            }
        }
        #expect(
            dispatcher.handlers.map(\.filter) == [
                #"\.logins > 0 && (\.name == "root" || \.role == .admin && \.logins < 3)"#
            ]
        )
        subscription.cancel()
    }

    @Test(arguments: [true, false])
    func `if and switch choose clauses`(isStrict: Bool) throws {
        let mode: UserCreated.Role? = isStrict ? .admin : nil
        let run = try handlersRun(by: UserCreated(role: .user)) {
            On(UserCreated.self) {
                if let mode { Where(\.role == mode) }
                if isStrict { Handle { _ in journal.note("strict") } } else { Handle { _ in journal.note("lenient") } }
                switch mode {
                case .admin: Handle { _ in journal.note("admins") }
                default: Handle { _ in journal.note("everyone") }
                }
            }
            if isStrict { On(UserCreated.self) { Handle { _ in journal.note("second block") } } }
        }
        #expect(run == (isStrict ? ["second block"] : ["lenient", "everyone"]))
    }

    @Test func `braces with handlers in them are a block of their own`() throws {
        let run = try handlersRun(by: UserCreated(logins: 2)) {
            On(UserCreated.self) {
                Handle { _ in journal.note("all") }
                if journal.entries.isEmpty {
                    Where(\.logins == 1)
                    Handle { _ in journal.note("one") }
                } else {
                    Handle { _ in journal.note("other") }
                }
                for count in 1...2 {
                    Where(\.logins == count)
                    Handle { _ in journal.note("round \(count)") }
                }
            }
        }
        #expect(run == ["all", "round 2"])
    }

    @Test func `braces with conditions only narrow the enclosing block`() throws {
        for strict in [true, false] {
            let run = try handlersRun(by: UserCreated(logins: 2)) {
                On(UserCreated.self) {
                    if strict { Where(\.logins == 1) }
                    Handle { _ in journal.note("ran") }
                }
            }
            #expect(run == (strict ? [] : ["ran"]))
        }
    }

    @Test func `for declares handlers and conditions`() throws {
        let run = try handlersRun(by: UserCreated(name: "bob", logins: 2)) {
            for limit in 1...3 {
                On(UserCreated.self) {
                    Where(\.logins <= limit)
                    AnyOf { for name in ["susan", "bob"] { Where(\.name == name) } }
                    for copy in ["a", "b"] { Handle { _ in journal.note("\(limit)\(copy)") } }
                }
            }
        }
        #expect(run == ["2a", "2b", "3a", "3b"])
    }

    @Test func `a phase inside a phase is refused`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(UserCreated.self) {
                    Phase(.before) {
                        Phase(.after, line: 12) { Handle { _ in } }
                    }
                }
            }
        }
        #expect(error?.code == .misplacedClause)
        #expect(error?.message.contains("phase 'after'") == true && error?.message.contains("'before'") == true)
        #expect(error?.location.line == 12)
    }

    @Test func `a handler inside an any of is refused`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(UserCreated.self) {
                    AnyOf {
                        Where(\.role == .admin)
                        Handle(line: 12) { _ in }
                    }
                }
            }
        }
        #expect(error?.code == .misplacedClause)
        #expect(error?.location.line == 12)
    }

    @Test func `a limit inside an any of is refused`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(UserCreated.self) {
                    AnyOf { Rule { Where(\.role == .admin) }.limit(1) }
                    Handle { _ in }
                }
            }
        }
        #expect(error?.code == .misplacedClause)
    }

    @Test(arguments: [0, -1])
    func `a limit below one is refused at its line`(limit: Int) {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(UserCreated.self) {
                    Handle("greet") { _ in }
                        .limit(limit, line: 12)
                }
            }
        }
        #expect(error?.code == .invalidLimit)
        #expect(error?.message.contains("'greet'") == true && error?.message.contains("is \(limit);") == true)
        #expect(error?.location.line == 12)
    }

    @Test func `a refused subscription registers none of its clauses`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(UserCreated.self) { Handle { _ in } }
                On(UserCreated.self) { Handle { _ in }.limit(0) }
            }
        }
        #expect(error != nil)
        #expect(dispatcher.handlers.isEmpty)
        #expect(!dispatcher.hasHandlers(for: UserCreated.self))
    }

    @Test func `a phase that is not listed is refused`() {
        struct Odd: MatchableEvent {
            enum Phases: EventPhases {
                case listed, hidden
                static var main: Self { .listed }
                static var allCases: [Self] { [.listed] }
            }
        }
        let error = refusal { () throws(DispatchError) in try dispatcher.on(Odd.self, during: .hidden) { _ in } }
        #expect(error?.code == .unlistedPhase)
        #expect(error?.message.contains("'hidden'") == true)
    }
}
