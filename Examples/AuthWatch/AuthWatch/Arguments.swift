/// What the command line asks for.
enum Arguments {
    case help
    case sample
    case standardInput
    case file(path: String)

    static let usage = """
        usage: authwatch [PATH | -]

        Reads the log of an OpenSSH server, prints alerts as they come, and a summary at the end.

          PATH     a log file, such as /var/log/auth.log
          -        standard input: journalctl -t sshd | authwatch -
          (none)   a short built-in sample

          -h, --help   prints this
        """

    /// Understands the arguments, without the program's own name.
    init(_ arguments: [String]) throws(CommandFailure) {
        var paths: [String] = []
        var mayBeOption = true
        var asksForHelp = false
        for argument in arguments {
            switch argument {
            case "--" where mayBeOption: mayBeOption = false
            case "-h" where mayBeOption, "--help" where mayBeOption: asksForHelp = true
            case _ where mayBeOption && argument.hasPrefix("-") && argument != "-":
                throw .usage("unknown option \(argument), see --help")
            default: paths.append(argument)
            }
        }
        if paths.count > 1 { throw .usage("more than one path, see --help") }
        self =
            switch paths.first {
            case _ where asksForHelp: .help
            case nil: .sample
            case "-" where mayBeOption: .standardInput
            case let path?: .file(path: path)
            }
    }
}
