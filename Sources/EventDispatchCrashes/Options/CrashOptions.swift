#if SQLite
    import Foundation
    import ProgramSupport

    /// How often processes are killed, and where.
    struct CrashOptions {
        static let help = """
            Kills processes that publish and handle events of one file, and checks that every promise is kept.

            usage: swift run -c release --traits SQLite EventDispatchCrashes [options]

              --kills N    how many kills; \(Self().kills) otherwise
              --file N     a new file after so many kills; \(Self().killsPerFile) otherwise
              --seed N     what everything random follows from, but for the moment that a kill meets; another one each time otherwise
              --folder F   where the files stand; a temporary folder otherwise, which stays when a promise is broken
              --help       this text

            With --traits SQLite,NATS it does so at a server of NATS, with a stream instead of the file:

              --nats S [--kills N]             processes that publish and handle events of one stream are killed
              --nats S --forward [--kills N]   processes are killed that publish into a file and forward to a stream
              --nats S --cluster [--kills N]   three servers; whichever leads is killed under load, and started again, so many times

            S is the path of a nats-server. Servers listen on free ports of loopback, and have folders of their own.

            The exit status is 1 when a promise is broken, 2 when an option is.
            """

        private(set) var kills = 200
        private(set) var killsPerFile = 500
        private(set) var seed = UInt64.random(in: 0..<1_000_000_000_000)
        private(set) var folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("event-dispatch-crashes-\(getpid())").path
        private(set) var asksForHelp = false

        init() {}

        /// Reads the arguments of a command line, without the program's name.
        init(_ arguments: [String]) throws(OptionError) {
            var rest = arguments[...]
            while let option = rest.popFirst() {
                if option == "--help" {
                    asksForHelp = true
                    continue
                }
                guard let text = rest.popFirst() else { throw OptionError("\(option) is unknown, or lacks its value") }
                switch option {
                case "--kills": kills = try wholeNumber(option, text, in: 1...1_000_000_000)
                case "--file": killsPerFile = try wholeNumber(option, text, in: 1...1_000_000)
                case "--seed": seed = UInt64(try wholeNumber(option, text, in: 0...Int.max))
                case "--folder": folder = text
                default: throw OptionError(option, text, "is unknown")
                }
            }
        }
    }
#endif
