/// A handler as it was declared, before the blocks around it are known.
struct HandlerDeclaration<Event: MatchableEvent>: Sendable {
    /// The most starts, and where that was said.
    struct Limit: Sendable {
        let count: Int
        let location: CallSite
    }

    var name: String
    let location: CallSite
    let body: HandlerBody<Event>
    var owner: (any AnyHandlerOwner)?
    var priority = 0
    var limit: Limit?

    var label: HandlerLabel { HandlerLabel(name: name, location: location) }
}
