import Foundation
import ProgramSupport

#if SQLite
    /// Measures the store on SQLite, each time beside the bare calls of the C library in the same run. `--help` says how.
    @main
    struct StoreBenchmarks {
        static func main() async {
            do {
                let options = try StoreBenchmarkOptions(Array(CommandLine.arguments.dropFirst()))
                switch options.task {
                case .help: print(StoreBenchmarkOptions.help)
                case .measure: try await StoreBenchmarkSession(options).run()
                case .fill(let path): try await RecoveryBenchmark.fill(path, options.backlog)
                case .recover(let path): try await RecoveryBenchmark.recover(path)
                }
            } catch let error as OptionError {
                FileHandle.standardError.write(Data("error: \(error)\n".utf8))
                exit(2)
            } catch {
                FileHandle.standardError.write(Data("error: \(error)\n".utf8))
                exit(1)
            }
        }
    }
#else
    /// Says what is missing.
    @main
    struct StoreBenchmarks {
        static func main() {
            FileHandle.standardError.write(Data("error: build with --traits SQLite\n".utf8))
            exit(1)
        }
    }
#endif
