import ProgramSupport

/// What is to be measured, and how.
struct BenchmarkOptions {
    private static let mostSubscriptions = 10_000_000
    private static let mostRuns = 10_000

    /// In the order in which they are measured.
    private(set) var workloads: [Workload] = []
    /// Empty for each workload's own.
    private(set) var subscriptions: [Int] = []
    private(set) var ruleSeed = Self.defaultRuleSeed
    private(set) var eventSeed = Self.defaultEventSeed
    private(set) var runs = 9
    private(set) var isLarge = false
    private(set) var isJSON = false
    private(set) var comparesPeers = false
    private(set) var asksForHelp = false

    static let defaultRuleSeed: UInt64 = 42
    static let defaultEventSeed: UInt64 = 7

    /// Whether the seeds are those that checksums are known for.
    var hasDefaultSeeds: Bool { ruleSeed == Self.defaultRuleSeed && eventSeed == Self.defaultEventSeed }

    /// The numbers of subscriptions that a workload is measured at.
    func subscriptions(for workload: Workload) -> [Int] {
        subscriptions.isEmpty || workload.hasFixedSubscriptions
            ? workload.defaultSubscriptions(isLarge: isLarge) : subscriptions
    }

    /// Reads the arguments of a command line, without the program's name.
    init(_ arguments: [String]) throws(OptionError) {
        var chosen: Set<Workload> = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let option = parts.first.map(String.init) ?? ""
            switch option {
            case "--workload":
                for name in try Self.list(of: option, parts, &rest) {
                    let named = Workload.named(name)
                    guard !named.isEmpty else { throw OptionError(option, name, "is none of \(Self.workloadNames)") }
                    chosen.formUnion(named)
                }
            case "--subscriptions":
                for text in try Self.list(of: option, parts, &rest) {
                    let count = try wholeNumber(option, text, in: 1...Self.mostSubscriptions)
                    if !subscriptions.contains(count) { subscriptions.append(count) }
                }
            case "--rule-seed": ruleSeed = try Self.seed(option, Self.value(of: option, parts, &rest))
            case "--event-seed": eventSeed = try Self.seed(option, Self.value(of: option, parts, &rest))
            case "--runs": runs = try wholeNumber(option, Self.value(of: option, parts, &rest), in: 1...Self.mostRuns)
            case "--large", "--peers", "--json", "--help", "-h":
                if parts.count > 1 { throw OptionError(option, String(parts[1]), "has a value, and takes none") }
                switch option {
                case "--large": isLarge = true
                case "--peers": comparesPeers = true
                case "--json": isJSON = true
                default: asksForHelp = true
                }
            default: throw OptionError("'\(argument)' is not an option; --help lists them")
            }
        }
        let isChosen = { workload in chosen.isEmpty ? !workload.isLong || isLarge : chosen.contains(workload) }
        workloads = Workload.allCases.filter(isChosen)
    }

    static var workloadNames: String { Workload.allCases.map(\.rawValue).joined(separator: ", ") + ", D4, D5, D9, Q" }

    /// What stands after the option's `=`, or in the next argument.
    private static func value(
        of option: String,
        _ parts: [Substring],
        _ rest: inout ArraySlice<String>
    ) throws(OptionError) -> String {
        if parts.count > 1 { return String(parts[1]) }
        guard let next = rest.popFirst() else { throw OptionError("\(option) needs a value") }
        return next
    }

    /// The value's parts between commas.
    private static func list(
        of option: String,
        _ parts: [Substring],
        _ rest: inout ArraySlice<String>
    ) throws(OptionError) -> [String] {
        try value(of: option, parts, &rest).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    private static func seed(_ option: String, _ text: String) throws(OptionError) -> UInt64 {
        guard let seed = UInt64(text) else {
            throw OptionError(option, text, "is not a whole number from 0 to \(UInt64.max)")
        }
        return seed
    }
}
