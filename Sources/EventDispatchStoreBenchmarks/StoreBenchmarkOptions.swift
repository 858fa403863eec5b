import Foundation
import ProgramSupport

/// What is to be measured, and where.
struct StoreBenchmarkOptions {
    /// What the program is to do. The last three are for processes that it starts itself.
    enum Task {
        case help, measure
        case plan(ClusterFigures)
        case fill(String), recover(String), share(SharingRole)
    }

    /// What a process is in N4.
    struct SharingRole {
        enum Kind: String { case library, bare, holding }

        var kind: Kind
        var url: String
        var stream: String
        var name: String
    }

    private(set) var task = Task.measure
    private(set) var workloads: Set<String> = ["S1", "S2", "S3", "S4", "S5", "N1", "N2", "N3", "N4"]
    /// Whether a plan is to be made of what was measured.
    private(set) var plans = false
    private(set) var rounds = 5
    /// How many events stand in the store of S4 and S5.
    private(set) var backlog = 1_000_000
    private(set) var folder = FileManager.default.currentDirectoryPath

    static let help = """
        Measures the stores, each time beside the bare calls of their C libraries in the same run.

        usage: swift run -c release --traits SQLite,NATS EventDispatchStoreBenchmarks [options]

          --workload S1[,S2…]  what to measure; all otherwise
          --rounds N           how many rounds a median is of; 5 otherwise
          --backlog N          how many events stand in the store of S4 and S5; 1,000,000 otherwise
          --folder PATH        where the files are; in the current folder otherwise
          --plan               measures N1 to N4, and simulates many processes with the figures
          --figures A,B,…      simulates with these figures, and measures nothing; --plan prints them
          --help               this text

        On SQLite: S1 publish, one after the other; S2 64 tasks publish; S3 publish to acknowledged, three subscriptions; S4 deliver from a
        backlog, with the memory that it takes and the bytes an event has in the file; S5 open after a kill, to the first delivery

        On NATS, with a server of the benchmark's own (EVENT_DISPATCH_NATS is the path of another than /usr/sbin/nats-server): N1 publish, from 64
        tasks and in batches; N2 fetch, handle, acknowledge; N3 one stream to 100 subscriptions; N4 four processes share a subscription
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
                    throw OptionError(argument, name, "is none of S1 to S5 and N1 to N4")
                }
                workloads = Set(named)
            case "--rounds": rounds = try wholeNumber(argument, value(of: argument), in: 1...1_000)
            case "--backlog": backlog = try wholeNumber(argument, value(of: argument), in: 1_000...1_000_000_000)
            case "--folder": folder = try value(of: argument)
            case "--plan": (plans, workloads) = (true, ["N1", "N2", "N3", "N4"])
            case "--figures": task = .plan(try ClusterFigures(argument, value(of: argument)))
            case "--help", "-h": task = .help
            case "--fill": task = .fill(try value(of: argument))
            case "--recover": task = .recover(try value(of: argument))
            case "--share":
                guard let kind = SharingRole.Kind(rawValue: try value(of: argument)) else {
                    throw OptionError("\(argument) needs a kind")
                }
                task = .share(
                    SharingRole(
                        kind: kind,
                        url: try value(of: argument),
                        stream: try value(of: argument),
                        name: try value(of: argument)
                    )
                )
            default: throw OptionError("'\(argument)' is not an option; --help lists them")
            }
        }
    }
}
