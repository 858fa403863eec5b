/// What the command line asks for.
struct Arguments {
    enum Input {
        case help
        case sample
        case standardInput
        case file(path: String)
    }

    let input: Input
    /// Where a trace of the run is to be written; nil for nowhere.
    let trace: String?

    static let usage = """
        usage: authwatch [--trace FILE] [PATH | -]

        Reads the log of an OpenSSH server, prints alerts as they come, and a summary at the end.

          PATH     a log file, such as /var/log/auth.log
          -        standard input: journalctl -t sshd | authwatch -
          (none)   a short built-in sample

          --trace FILE   writes a page of the last events and what the rules did with them
          -h, --help     prints this
        """

    /// Understands the arguments, without the program's own name.
    init(_ arguments: [String]) throws(CommandFailure) {
        var paths: [String] = []
        var trace: String?
        var mayBeOption = true
        var asksForHelp = false
        var left = arguments[...]
        while let argument = left.popFirst() {
            switch argument {
            case "--" where mayBeOption: mayBeOption = false
            case "-h" where mayBeOption, "--help" where mayBeOption: asksForHelp = true
            case "--trace" where mayBeOption:
                guard trace == nil else { throw .usage("--trace is given twice, see --help") }
                guard let path = left.popFirst(), !path.isEmpty else {
                    throw .usage("--trace needs a file, see --help")
                }
                trace = path
            case _ where mayBeOption && argument.hasPrefix("-") && argument != "-":
                throw .usage("unknown option \(argument), see --help")
            default: paths.append(argument)
            }
        }
        if paths.count > 1 { throw .usage("more than one path, see --help") }
        self.trace = trace
        input =
            switch paths.first {
            case _ where asksForHelp: .help
            case nil: .sample
            case "-" where mayBeOption: .standardInput
            case let path?: .file(path: path)
            }
    }
}
