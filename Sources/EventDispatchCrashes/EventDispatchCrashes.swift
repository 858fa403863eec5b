import Foundation
import ProgramSupport

/// Kills processes that publish and handle events of one file, again and again, and checks that nothing acknowledged is lost. `--help` says
/// how.
@main
struct EventDispatchCrashes {
    static func main() async {
        #if SQLite
            await run(Array(CommandLine.arguments.dropFirst()))
        #else
            print("EventDispatchCrashes needs --traits SQLite")
            exit(1)
        #endif
    }

    #if SQLite
        private static func run(_ arguments: [String]) async {
            do {
                if let order = ChildOrder(arguments) { await Child(order).run() }
                #if NATS
                    if let order = BrokerOrder(arguments) { await BrokerChild(order).run() }
                    if let run = try BrokerRun(arguments) { return try await run.run() }
                #endif
                let options = try CrashOptions(arguments)
                guard !options.asksForHelp else { return print(CrashOptions.help) }
                print("seed \(options.seed), \(options.kills) kills")
                var run = CrashRun(options)
                try await run.run()
                print("every promise was kept")
            } catch let error as OptionError {
                print("error: \(error)")
                exit(2)
            } catch {
                print("error: \(error)")
                exit(1)
            }
        }
    #endif
}
