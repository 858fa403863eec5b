import OrderService
import Testing

@Suite(.timeLimit(.minutes(10))) struct ArgumentTests {
    @Test(
        arguments: [
            (["--help"], .help),
            (["check", "-h"], .help),
            (["--file", "f", "--orders", "10"], .run(file: "f", .generator(upTo: 10))),
            (["--orders", "0", "--file", "f"], .run(file: "f", .generator(upTo: 0))),
            (["--file", "f", "-"], .run(file: "f", .standardInput)),
            (["--trace", "t", "--file", "f", "-"], .run(file: "f", .standardInput, trace: "t")),
            (["status", "--file", "f"], .status(file: "f")),
            (["dead", "--file", "f"], .dead(file: "f")),
            (["check", "--file", "f"], .check(file: "f")),
            (["redeliver", "--file", "f", "--all"], .redeliver(file: "f", [])),
            (["redeliver", "7", "--file", "f", "9"], .redeliver(file: "f", [7, 9])),
        ] as [([String], Arguments)]
    )
    func `arguments say what to do`(words: [String], expected: Arguments) throws {
        #expect(try Arguments(words) == expected)
    }

    @Test(
        arguments: [
            ([], "nothing to do"),
            (["--file"], "--file needs a value"),
            (["--file", ""], "--file needs a value"),
            (["--file", "a", "--file", "b", "-"], "--file is given twice"),
            (["--orders", "10"], "which file? Name it with --file"),
            (["status"], "which file? Name it with --file"),
            (["--file", "f"], "which orders? Say --orders COUNT, or - for standard input"),
            (["--file", "f", "--orders"], "--orders needs a value"),
            (["--file", "f", "--orders", "-5"], "--orders needs a whole number of at least 0, and not '-5'"),
            (["--file", "f", "--orders", "many"], "--orders needs a whole number of at least 0, and not 'many'"),
            (["--file", "f", "--orders", "5", "-"], "orders come from --orders or from -, not from both"),
            (["--file", "f", "--orders", "5", "more"], "unexpected argument 'more'"),
            (["--file", "f", "--orders", "5", "--all"], "unexpected argument '--all'"),
            (["--file", "f", "--order", "5"], "unknown option '--order'"),
            (["ship", "--file", "f"], "unknown command 'ship'"),
            (["status", "--file", "f", "7"], "unexpected argument '7'"),
            (["check", "--file", "f", "--orders", "5"], "'--orders' is for taking orders"),
            (["dead", "--file", "f", "-"], "'-' is for taking orders"),
            (["redeliver", "--file", "f"], "redeliver needs either sequences, as 'dead' prints them, or --all"),
            (
                ["redeliver", "--file", "f", "7", "--all"],
                "redeliver needs either sequences, as 'dead' prints them, or --all"
            ),
            (["redeliver", "--file", "f", "0"], "a sequence is a whole number of at least 1, and not '0'"),
            (["redeliver", "--file", "f", "x"], "a sequence is a whole number of at least 1, and not 'x'"),
        ] as [([String], String)]
    )
    func `arguments that make no sense are named in one line`(words: [String], expected: String) {
        #expect(throws: OrdersFailure("\(expected); see --help")) { try Arguments(words) }
    }

    @Test func `what a failure names stays on its line`() {
        #expect(OrdersFailure("unknown command 'a\n\u{1B}[2J'").description == #"unknown command 'a\n\u{1B}[2J'"#)
    }
}

@Suite(.timeLimit(.minutes(10))) struct NewOrderTests {
    @Test func `a line is an order`() throws {
        let line = #"{"customer": "c7", "total": 1250, "reference": "web-17", "colour": "red"}"#
        #expect(try NewOrder(line: line) == NewOrder(customer: "c7", total: 1250, reference: "web-17"))
        #expect(try NewOrder(line: #"{"customer":"c7","total":0}"#) == NewOrder(customer: "c7", total: 0))
    }

    @Test(arguments: ["", "c7,1250", "{}", #"{"customer": "", "total": 1}"#, #"{"customer": "c7", "total": -1}"#])
    func `a line that is no order is refused`(line: String) {
        #expect(throws: OrdersFailure.self) { try NewOrder(line: line) }
    }

    @Test func `a mail that is refused four times is sent at the fifth`() {
        #expect((0...4).map { MailServer.refusal(of: 100, earlier: $0) == nil } == [false, false, false, false, true])
        #expect(MailServer.refusal(of: 1, earlier: 0) == nil)
    }
}
