import Foundation
import ProgramSupport

/// Uses dispatchers from many threads and tasks at once, and checks that they keep what they promise. `--help` says how.
@main
struct EventDispatchStress {
    static func main() async {
        do {
            let options = try StressOptions(Array(CommandLine.arguments.dropFirst()))
            guard !options.asksForHelp else { return Console.print(StressOptions.help) }
            Console.print("seed \(options.seed), \(options.threads) threads, \(options.tasks) tasks")
            let findings = Findings()
            if let minutes = options.soak {
                try await Soak(options, findings).run(minutes: minutes)
            } else {
                try await StressRun(options: options, findings: findings).run()
            }
            for finding in findings.first { Console.print("error: \(finding)") }
            Console.print(
                findings.count == 0 ? "every promise was kept" : "error: \(findings.count) promises were broken"
            )
            if findings.count > 0 { exit(1) }
        } catch let error as OptionError {
            Console.print("error: \(error)")
            exit(2)
        } catch {
            Console.print("error: \(error)")
            exit(1)
        }
    }
}
