/// A handler as it was declared, before the blocks around it are known.
struct HandlerDeclaration: Sendable {
    var name: String
    let location: CallSite
    var body: HandlerBody
    var owner: ObjectLife?
    var priority = 0
    var limits: [LimitDeclaration] = []
    var timeout: HandlerTimeout?

    var label: HandlerLabel { HandlerLabel(name: name, location: location) }
}

/// How long a handler may take.
struct HandlerTimeout: Sendable {
    /// How long until it is cancelled.
    let duration: Duration
    /// How long the fire waits for its end after that.
    let grace: Duration
    /// Where that was said.
    let location: CallSite
}
