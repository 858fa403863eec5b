import EventDispatch

/// A handler to register.
struct HandlerRecipe<Event: RecipeSource>: CustomStringConvertible {
    let id: Int
    var phase = Event.Phases.main
    var priority = 0
    var isReversed = false
    /// How often it may start.
    var limit: Int?

    /// The handler, which notes its ID.
    func declaration(_ journal: MatchJournal) -> Handle<Event> {
        let witness = HandlerWitness(id, journal)
        let handle = Handle<Event>("\(id)") { _ in witness.note() }.priority(priority)
        return limit.map { handle.limit($0) } ?? handle
    }

    var description: String {
        "\(id): \(phase), priority \(priority)\(isReversed ? ", reversed" : "")\(limit.map { ", limit \($0)" } ?? "")"
    }
}
