/// Measures what the library promises about speed, each time beside a floor in the same run.
@main
struct EventDispatchBenchmarks {
    static func main() async throws {
        print(try await MainActorFire.measure().summary)
        print(try ObserverCheck.measureFire().summary)
        print(try ObserverCheck.measure().summary)
    }
}
