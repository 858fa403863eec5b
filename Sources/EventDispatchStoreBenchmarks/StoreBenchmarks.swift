import Foundation
import ProgramSupport

/// Measures the stores, each time beside the bare calls of their C libraries in the same run. `--help` says how.
@main
struct StoreBenchmarks {
    static func main() async {
        do {
            try await run(StoreBenchmarkOptions(Array(CommandLine.arguments.dropFirst())))
        } catch let error as OptionError {
            FileHandle.standardError.write(Data("error: \(error)\n".utf8))
            exit(2)
        } catch {
            FileHandle.standardError.write(Data("error: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ options: StoreBenchmarkOptions) async throws {
        switch options.task {
        case .help: print(StoreBenchmarkOptions.help)
        case .measure: try await measure(options)
        case .plan(let figures): ClusterPlan(figures).print()
        #if SQLite
            case .fill(let path): try await RecoveryBenchmark.fill(path, options.backlog)
            case .recover(let path): try await RecoveryBenchmark.recover(path)
        #else
            case .fill, .recover: throw StoreBenchmarkFailure("build with --traits SQLite")
        #endif
        #if NATS
            case .share(let role): try await SharingBenchmark.takePart(as: role)
        #else
            case .share: throw StoreBenchmarkFailure("build with --traits NATS")
        #endif
        }
    }

    private static func measure(_ options: StoreBenchmarkOptions) async throws {
        print(
            """
            Times are medians, with the least and the greatest, in microseconds an event (S3, N2 to N4: a delivery). The ratio is that to the \
            bare calls in the same run.
            """
        )
        let folder = try BenchmarkFolder(in: options.folder)
        defer { folder.remove() }
        #if SQLite
            try await StoreBenchmarkSession(options, folder).run()
        #else
            print("S1 to S5: skipped, built without --traits SQLite")
        #endif
        #if NATS
            try await NATSBenchmarkSession(options, folder).run()
        #else
            print("N1 to N4: skipped, built without --traits NATS")
        #endif
    }

    static func print(_ line: String) {
        Swift.print(line)
        fflush(nil)
    }
}
