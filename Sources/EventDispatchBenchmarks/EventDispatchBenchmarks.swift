/// Measures what the library promises about speed, each time beside a floor in the same run.
///
/// Without arguments it runs everything; otherwise what is named: `main-actor`, `fire`, `observers`.
@main
struct EventDispatchBenchmarks {
    static func main() async throws {
        let chosen = Set(CommandLine.arguments.dropFirst())
        func isChosen(_ name: String) -> Bool { chosen.isEmpty || chosen.contains(name) }

        if isChosen("main-actor") { print(try await MainActorFire.measure().summary) }
        if isChosen("fire") { print(try SynchronousFire.measure().summary) }
        if isChosen("observers") { print(try ObserverCheck.measure().summary) }
    }
}
