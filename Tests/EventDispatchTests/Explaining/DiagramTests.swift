import EventDispatch
import Testing

/// `dispatcher.diagram(.mermaid)`: who listens to what, drawn.
@Suite(.timeLimit(.minutes(10))) struct DiagramTests {
    private struct Opened: MatchableEvent { static var eventName: String { "door.opened" } }
    private struct Closed: MatchableEvent {
        var room = 0
        static var eventName: String { "door.closed" }

        struct MatchKeys: MatchKeySet { let room = Key(\.room) }
    }

    private let dispatcher = EventDispatcher()
    private let bag = SubscriptionBag()

    @Test func `events lead to their phases and those to their handlers`() throws {
        try dispatcher.subscribe {
            On(Opened.self) {
                Phase(.after) { Handle("last", fileID: "House/Doors.swift", line: 1) { _ in } }
                Handle("second", fileID: "House/Doors.swift", line: 2) { _ in }
                Handle("first", fileID: "House/Doors.swift", line: 3) { _ in }.priority(2)
            }
            On(Closed.self) {
                Where(\.room > 3)
                Handle(fileID: "House/Doors.swift", line: 4) { _ in }.limit(3)
            }
        }.store(in: bag)
        #expect(
            dispatcher.diagram(.mermaid) == """
                flowchart LR
                  e0["door.closed"]
                  e0 --> e0p0(["during"])
                  e0p0 --> e0p0h0["handler at House/Doors.swift:4, where #92;.room #62; 3, 3 starts left"]
                  e1["door.opened"]
                  e1 --> e1p0(["during"])
                  e1p0 --> e1p0h0["'first' at House/Doors.swift:3, priority 2"]
                  e1p0 --> e1p0h1["'second' at House/Doors.swift:2"]
                  e1p0 --> e1p1(["after"])
                  e1p1 --> e1p1h0["'last' at House/Doors.swift:1"]
                """
        )
    }

    @Test func `it has every line of the table`() throws {
        try dispatcher.subscribe {
            OnAny(named: "door.*") { Handle("any") { _ in } }
            On(Opened.self) { for number in 0..<5 { Handle("handler \(number)") { _ in } } }
        }.store(in: bag)
        let diagram = dispatcher.diagram(.mermaid)
        for line in "\(dispatcher)".split(separator: "\n").dropFirst() {
            let text = line.drop { $0 == " " }.replacing("\"", with: "#34;").replacing("*", with: "#42;")
            #expect(diagram.contains(text))
        }
    }

    @Test func `no name ends its label`() throws {
        for name in ["\"] --> x[\"", "<script>", "`code`", "a\nb", "#35;", "end", "\u{202E}", "%% comment; click x"] {
            try dispatcher.subscribe { On(Opened.self) { Handle(name) { _ in } } }.store(in: bag)
        }
        let lines = dispatcher.diagram(.mermaid).split(separator: "\n")
        #expect(lines.count == 11)
        for line in lines.dropFirst() {
            #expect(line.filter { $0 == "\"" }.count == 2)
            #expect(!line.contains { "<`\u{202E}".contains($0) })
        }
    }

    @Test func `a dispatcher without handlers is an empty diagram`() {
        #expect(dispatcher.diagram(.mermaid) == "flowchart LR")
    }
}
