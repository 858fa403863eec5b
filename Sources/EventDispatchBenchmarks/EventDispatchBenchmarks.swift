import Foundation
import ProgramSupport

/// Measures what the library promises about speed and memory, each time beside a floor in the same run. `--help` says how.
@main
struct EventDispatchBenchmarks {
    static func main() async {
        do {
            let options = try BenchmarkOptions(Array(CommandLine.arguments.dropFirst()))
            guard !options.asksForHelp else {
                print(BenchmarkOptions.help)
                return
            }
            if options.comparesPeers { return try await PeerBenchmark(options: options).run() }
            try HeapUse.verify()
            var session = BenchmarkSession(options)
            try await session.run()
            if !session.mismatches.isEmpty { exit(1) }
        } catch let error as OptionError {
            Console.note("error: \(error)")
            exit(2)
        } catch {
            Console.note("error: \(error)")
            exit(1)
        }
    }
}
