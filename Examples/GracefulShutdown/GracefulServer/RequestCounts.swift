/// How many requests are in flight, and what became of the others.
struct RequestCounts: Sendable {
    var isDraining = false
    var inFlight = 0
    var answered = 0
    var refused = 0
}
