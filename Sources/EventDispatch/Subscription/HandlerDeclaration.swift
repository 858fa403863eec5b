/// A handler as it was declared, before the blocks around it are known.
struct HandlerDeclaration: Sendable {
    /// How long it may run, and where that was said.
    struct Timeout: Sendable {
        let duration: Duration
        let location: CallSite
    }

    var name: String
    let location: CallSite
    var body: HandlerBody
    var owner: ObjectLife?
    var priority = 0
    var limits: [LimitDeclaration] = []
    var timeout: Timeout?

    var label: HandlerLabel { HandlerLabel(name: name, location: location) }
}
