/// What the command line asks for.
public enum Arguments: Equatable, Sendable {
    /// Print how the program is used.
    case help
    /// Take orders and deliver them.
    ///
    /// - Parameter trace: where a trace of the deliveries is to be written; nil for nowhere.
    case run(file: String, OrderSource, trace: String? = nil)
    /// Print how far each subscription is.
    case status(file: String)
    /// Print the dead letters.
    case dead(file: String)
    /// Deliver dead letters again: those of some sequences, or all where there are none.
    case redeliver(file: String, [Int64])
    /// Prove from the tables that every order was handled.
    case check(file: String)

    /// Where orders come from.
    public enum OrderSource: Equatable, Sendable {
        /// From the generator, until so many are in the table.
        case generator(upTo: Int)
        /// From standard input, one JSON object a line.
        case standardInput
    }

    /// How the program is used.
    public static let usage = """
        usage: Orders --file FILE (--orders COUNT | -) [--trace PAGE]
               Orders (status | dead | check) --file FILE
               Orders redeliver --file FILE (SEQUENCE ... | --all)

        Takes orders into a table of a SQLite file, and bills, ships and mails each by durable subscriptions.
        Kill it at any time and run it again: it goes on.

          --orders COUNT   takes generated orders until COUNT are in the table
          -                takes orders from standard input: {"customer": "c7", "total": 1250, "reference": "web-17"}
          --trace PAGE     writes a page of the last deliveries when it ends

          status           prints how far each subscription is
          dead             prints the dead letters
          redeliver        delivers dead letters again, by the sequences that 'dead' prints
          check            proves from the tables that every order was billed, shipped and mailed

          --nats URL       forwards events to a NATS server and delivers from there, with all processes that do;
                           it needs --traits SQLite,NATS

          -h, --help       prints this
        """

    /// Understands the arguments, without the program's own name.
    ///
    /// - Throws: ``OrdersFailure``, which names the argument.
    public init(_ arguments: [String]) throws(OrdersFailure) {
        if arguments.contains("-h") || arguments.contains("--help") {
            self = .help
            return
        }
        let words = try Words(arguments)
        guard let file = words.file else { throw Self.misuse("which file? Name it with --file") }
        if words.command != nil, let unfit = words.ordersOption { throw Self.misuse("'\(unfit)' is for taking orders") }
        if words.command != "redeliver", let unfit = words.rest.first ?? (words.isAll ? "--all" : nil) {
            throw Self.misuse("unexpected argument '\(unfit)'")
        }
        switch words.command {
        case nil: self = .run(file: file, try words.source(), trace: words.trace)
        case "status": self = .status(file: file)
        case "dead": self = .dead(file: file)
        case "check": self = .check(file: file)
        case "redeliver": self = .redeliver(file: file, try words.sequences())
        case let other?: throw Self.misuse("unknown command '\(other)'")
        }
    }

    fileprivate static func misuse(_ message: String) -> OrdersFailure { OrdersFailure("\(message); see --help") }
}

/// The arguments, sorted by what they are.
private struct Words {
    var command: String?
    var file: String?
    var orders: String?
    var trace: String?
    var readsInput = false
    var isAll = false
    var rest: [String] = []

    init(_ arguments: [String]) throws(OrdersFailure) {
        guard let first = arguments.first else { throw Arguments.misuse("nothing to do") }
        var left = arguments[...]
        if !first.hasPrefix("-") { command = left.removeFirst() }
        while let argument = left.popFirst() {
            switch argument {
            case "--file": file = try Self.value(of: argument, file, &left)
            case "--orders": orders = try Self.value(of: argument, orders, &left)
            case "--trace": trace = try Self.value(of: argument, trace, &left)
            case "--all": isAll = true
            case "-": readsInput = true
            case _ where argument.hasPrefix("-") && Int64(argument) == nil:
                throw Arguments.misuse("unknown option '\(argument)'")
            default: rest.append(argument)
            }
        }
    }

    private static func value(
        of option: String,
        _ known: String?,
        _ left: inout ArraySlice<String>
    ) throws(OrdersFailure) -> String {
        guard known == nil else { throw Arguments.misuse("\(option) is given twice") }
        guard let value = left.popFirst(), !value.isEmpty else { throw Arguments.misuse("\(option) needs a value") }
        return value
    }

    /// The option that only a run takes; nil when there is none.
    var ordersOption: String? { orders != nil ? "--orders" : readsInput ? "-" : trace != nil ? "--trace" : nil }

    func source() throws(OrdersFailure) -> Arguments.OrderSource {
        switch (orders, readsInput) {
        case (nil, false): throw Arguments.misuse("which orders? Say --orders COUNT, or - for standard input")
        case (nil, true): return .standardInput
        case (_?, true): throw Arguments.misuse("orders come from --orders or from -, not from both")
        case (let text?, false):
            guard let count = Int(text), count >= 0 else {
                throw Arguments.misuse("--orders needs a whole number of at least 0, and not '\(text)'")
            }
            return .generator(upTo: count)
        }
    }

    func sequences() throws(OrdersFailure) -> [Int64] {
        guard isAll == rest.isEmpty else {
            throw Arguments.misuse("redeliver needs either sequences, as 'dead' prints them, or --all")
        }
        var sequences: [Int64] = []
        for word in rest {
            guard let sequence = Int64(word), sequence > 0 else {
                throw Arguments.misuse("a sequence is a whole number of at least 1, and not '\(word)'")
            }
            sequences.append(sequence)
        }
        return sequences
    }
}

/// Why the program can't go on, in one line.
public struct OrdersFailure: Error, Equatable, CustomStringConvertible {
    /// The line, without control characters.
    public let description: String

    /// Makes a failure.
    public init(_ message: String) { description = printable(message) }
}

/// The text with its control characters escaped, so that it stays on its line.
public func printable(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: result += scalar.escaped(asASCII: true)
        default: result.unicodeScalars.append(scalar)
        }
    }
}
