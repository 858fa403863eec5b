import EventDispatch
import Testing

/// Keys that are conditions by themselves, `notIn:`, and the filter of a block.
@Suite(.timeLimit(.minutes(10))) struct FlagFilterTests {
    private struct Login: MatchableEvent {
        var isAdmin = false
        var isNew = false
        var tries = 0

        struct MatchKeys: MatchKeySet {
            let isAdmin = Key(\.isAdmin)
            let isNew = Key(\.isNew)
            let tries = Key(\.tries)
        }
    }

    private let dispatcher = EventDispatcher()
    private let journal = Journal()

    @Test func `a flag is a condition by itself`() throws {
        let probe = try FilterProbe<Login>([Filter(\.isAdmin), !\.isAdmin])
        #expect(try probe.reached(by: Login(isAdmin: true)) == [0])
        #expect(try probe.reached(by: Login()) == [1])
    }

    @Test func `a where takes a flag`() throws {
        let subscription = try dispatcher.subscribe {
            On(Login.self) {
                Rule {
                    Where(\.isAdmin)
                    Handle { _ in journal.note("admin") }
                }
                Rule {
                    Where(!\.isAdmin)
                    Handle { _ in journal.note("user") }
                }
            }
        }
        try dispatcher.fireSynchronously(Login(isAdmin: true))
        try dispatcher.fireSynchronously(Login())
        #expect(journal.entries == ["admin", "user"])
        subscription.cancel()
    }

    @Test func `flags are joined with other conditions`() throws {
        let filters: [Filter<Login>] = [
            \.isAdmin && \.tries > 3, \.tries > 3 && \.isAdmin, \.isAdmin && \.isNew, \.isAdmin || \.isNew,
            \.isAdmin || \.tries > 3, \.tries > 3 || \.isAdmin, \.isNew && !\.isAdmin,
        ]
        let probe = try FilterProbe(filters)
        for isAdmin in [true, false] {
            for isNew in [true, false] {
                for tries in [3, 4] {
                    let expected = [
                        isAdmin && tries > 3, tries > 3 && isAdmin, isAdmin && isNew, isAdmin || isNew,
                        isAdmin || tries > 3, tries > 3 || isAdmin, isNew && !isAdmin,
                    ]
                    let event = Login(isAdmin: isAdmin, isNew: isNew, tries: tries)
                    #expect(try probe.reached(by: event) == filters.indices.filter { expected[$0] })
                }
            }
        }
    }

    @Test func `flags print as comparisons`() {
        let filters: [Filter<Login>] = [Filter(\.isAdmin), !\.isAdmin, \.isAdmin && \.tries > 3]
        #expect(
            filters.map(\.description) == [
                #"\.isAdmin == true"#, #"\.isAdmin == false"#, #"\.isAdmin == true && \.tries > 3"#,
            ]
        )
    }

    @Test func `flags are found by the index and contradict each other`() throws {
        let bag = SubscriptionBag()
        for _ in 0..<10 { try dispatcher.on(Login.self, where: Filter(\.isAdmin)) { _ in }.store(in: bag) }
        for _ in 0..<5 { try dispatcher.on(Login.self, where: !\.isAdmin) { _ in }.store(in: bag) }
        let explanation = dispatcher.explain(Login(isAdmin: false))
        #expect(explanation.keys.flatMap(\.tables).map(\.candidates) == [5])
        #expect(explanation.scanned.count == 0)
        let error = refusal { () throws(DispatchError) in
            try dispatcher.on(Login.self, where: Filter(\.isAdmin) && !\.isAdmin) { _ in }
        }
        #expect(error?.code == .neverMatches)
    }

    // MARK: notIn

    @Test func `notIn is the negation of in`() throws {
        let filters: [Filter<Login>] = [
            Filter(\.tries, notIn: 3...5), Filter(\.tries, notIn: 3..<5), Filter(\.tries, notIn: 5...),
            Filter(\.tries, notIn: ..<3), Filter(\.tries, notIn: ...3), Filter(\.tries, notIn: [1, 3]),
            Filter(\.tries, notIn: Set([1, 3])),
        ]
        let probe = try FilterProbe(filters)
        for tries in 0..<7 {
            let holds = [
                !(3...5 ~= tries), !(3..<5 ~= tries), !(5... ~= tries), !(..<3 ~= tries), !(...3 ~= tries),
                tries != 1 && tries != 3, tries != 1 && tries != 3,
            ]
            #expect(try probe.reached(by: Login(tries: tries)) == filters.indices.filter { holds[$0] })
        }
    }

    @Test func `notIn prints so`() {
        #expect(Filter<Login>(\.tries, notIn: 3...5).description == #"\.tries not in 3...5"#)
        #expect(Filter<Login>(\.tries, notIn: [5, 3]).description == #"\.tries not in [3, 5]"#)
        #expect(Filter<Login>(not: Filter(\.tries, notIn: [3])).description == #"!(\.tries not in [3])"#)
    }

    @Test func `notIn of nothing holds always`() throws {
        let none: [Int] = []
        let probe = try FilterProbe<Login>([Filter(\.tries, notIn: none), Filter(\.tries, notIn: 3..<3)])
        #expect(try probe.reached(by: Login(tries: 3)) == [0, 1])
    }

    @Test func `in and notIn of the same are refused`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.on(Login.self, where: Filter(\.tries, in: [3, 5]) && Filter(\.tries, notIn: 3...5)) { _ in }
        }
        #expect(error?.code == .neverMatches)
    }

    // MARK: The filter of a block

    @Test func `the filter of a block narrows all of its handlers`() throws {
        let subscription = try dispatcher.subscribe {
            On(Login.self, where: \.tries > 3) {
                Handle { _ in journal.note("all") }
                Rule {
                    Where(\.isAdmin)
                    Handle { _ in journal.note("admin") }
                }
            }
        }
        try dispatcher.fireSynchronously(Login(isAdmin: true, tries: 4))
        try dispatcher.fireSynchronously(Login(isAdmin: true, tries: 3))
        #expect(journal.entries == ["all", "admin"])
        #expect(dispatcher.handlers.map(\.filter) == [#"\.tries > 3"#, #"\.tries > 3 && \.isAdmin == true"#])
        subscription.cancel()
    }

    @Test func `a block takes a filter that was made before or none`() throws {
        let isTried: Filter<Login>? = \.tries > 3
        let none: Filter<Login>? = nil
        let subscription = try dispatcher.subscribe {
            On(Login.self, where: isTried) { Handle { _ in journal.note("tried") } }
            On(Login.self, where: none) { Handle { _ in journal.note("each") } }
        }
        try dispatcher.fireSynchronously(Login())
        #expect(journal.entries == ["each"])
        subscription.cancel()
    }

    @Test func `a filter of a block that can't be right is refused at the block`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Login.self, where: Filter(\.tries, in: 3..<3), line: 12) { Handle { _ in } }
            }
        }
        #expect(error?.code == .neverMatches)
        #expect(error?.location.line == 12)
    }

    @Test func `a filter of a block and a line in it must not exclude each other`() {
        let error = refusal { () throws(DispatchError) in
            try dispatcher.subscribe {
                On(Login.self, where: \.tries > 3) {
                    Where(\.tries < 2, line: 12)
                    Handle { _ in }
                }
            }
        }
        #expect(error?.code == .neverMatches)
        #expect(error?.location.line == 12)
    }
}
