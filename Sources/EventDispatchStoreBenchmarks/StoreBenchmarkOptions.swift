#if SQLite
    import Foundation
    import ProgramSupport

    /// What is to be measured, and where.
    struct StoreBenchmarkOptions {
        /// What the program is to do. The last two are for processes that it starts itself.
        enum Task {
            case help, measure
            case fill(String), recover(String)
        }

        private(set) var task = Task.measure
        private(set) var workloads: Set<String> = ["S1", "S2", "S3", "S4", "S5"]
        private(set) var rounds = 5
        /// How many events stand in the store of S4 and S5.
        private(set) var backlog = 1_000_000
        private(set) var folder = FileManager.default.currentDirectoryPath

        static let help = """
            Measures the store on SQLite, each time beside the bare calls of the C library in the same run.

            usage: swift run -c release --traits SQLite EventDispatchStoreBenchmarks [options]

              --workload S1[,S2…]  what to measure; all otherwise
              --rounds N           how many rounds a median is of; 5 otherwise
              --backlog N          how many events stand in the store of S4 and S5; 1,000,000 otherwise
              --folder PATH        where the files are; in the current folder otherwise
              --help               this text

            S1 publish, one after the other; S2 64 tasks publish; S3 publish to acknowledged, three subscriptions; S4 deliver from a
            backlog, with the memory that it takes and the bytes an event has in the file; S5 open after a kill, to the first delivery
            """

        init(_ arguments: [String]) throws(OptionError) {
            var rest = arguments[...]
            func value(of option: String) throws(OptionError) -> String {
                guard let value = rest.popFirst() else { throw OptionError("\(option) needs a value") }
                return value
            }
            while let argument = rest.popFirst() {
                switch argument {
                case "--workload":
                    let named = try value(of: argument).split(separator: ",").map { $0.uppercased() }
                    for name in named where !workloads.contains(name) {
                        throw OptionError(argument, name, "is none of S1 to S5")
                    }
                    workloads = Set(named)
                case "--rounds": rounds = try wholeNumber(argument, value(of: argument), in: 1...1_000)
                case "--backlog": backlog = try wholeNumber(argument, value(of: argument), in: 1_000...1_000_000_000)
                case "--folder": folder = try value(of: argument)
                case "--help", "-h": task = .help
                case "--fill": task = .fill(try value(of: argument))
                case "--recover": task = .recover(try value(of: argument))
                default: throw OptionError("'\(argument)' is not an option; --help lists them")
                }
            }
        }
    }
#endif
