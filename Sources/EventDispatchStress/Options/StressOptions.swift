import ProgramSupport

/// What is to be done, how often, and by how many.
struct StressOptions {
    static let help = """
        Uses dispatchers from many threads and tasks at once, and checks that they keep what they promise.

        usage: swift run -c release EventDispatchStress [options]

          --operations N  how many calls; \(Self().operations) otherwise
          --threads N     how many threads make them; \(Self().threads) otherwise
          --tasks N       how many tasks make them beside; \(Self().tasks) otherwise
          --seed N        what everything random follows from; another one each time otherwise
          --soak N        instead: fire, subscribe and cancel for N minutes, and measure memory and latency
          --help          this text

        The exit status is 1 when a promise is broken, 2 when an option is.
        """

    private(set) var operations = 10_000_000
    private(set) var threads = 8
    private(set) var tasks = 4
    private(set) var seed = UInt64.random(in: 0..<1_000_000_000_000)
    /// Minutes; nil without a soak.
    private(set) var soak: Int?
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
            case "--operations": operations = try wholeNumber(option, text, in: 1...1_000_000_000_000)
            case "--threads": threads = try wholeNumber(option, text, in: 1...256)
            case "--tasks": tasks = try wholeNumber(option, text, in: 1...256)
            case "--seed": seed = UInt64(try wholeNumber(option, text, in: 0...Int.max))
            case "--soak": soak = try wholeNumber(option, text, in: 1...10_000)
            default: throw OptionError(option, text, "is unknown")
            }
        }
    }
}
