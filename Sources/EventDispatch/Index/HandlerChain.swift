/// Handlers in the order of their registration, linked to each other; for the writer.
struct HandlerChain {
    /// What the handlers have in common; a handler stands in one chain of each kind.
    enum Kind { case table, subscription, owner }

    private let kind: Kind
    private(set) unowned(unsafe) var first: RegisteredHandler?
    private unowned(unsafe) var last: RegisteredHandler?

    init(_ kind: Kind) { self.kind = kind }

    mutating func append(_ handler: RegisteredHandler) {
        handler[linksIn: kind].previous = last
        if let last { last[linksIn: kind].next = handler } else { first = handler }
        last = handler
    }

    mutating func remove(_ handler: RegisteredHandler) {
        let links = handler[linksIn: kind]
        if let previous = links.previous { previous[linksIn: kind].next = links.next } else { first = links.next }
        if let next = links.next { next[linksIn: kind].previous = links.previous } else { last = links.previous }
        handler[linksIn: kind] = HandlerLinks()
    }

    /// Whether one of the handlers satisfies a condition; the newest is asked first.
    func contains(where isSuch: (RegisteredHandler) -> Bool) -> Bool {
        var next = last
        while let handler = next {
            if isSuch(handler) { return true }
            next = handler[linksIn: kind].previous
        }
        return false
    }

    /// The handlers.
    var handlers: [RegisteredHandler] {
        var handlers: [RegisteredHandler] = []
        var next = first
        while let handler = next {
            handlers.append(handler)
            next = handler[linksIn: kind].next
        }
        return handlers
    }
}

/// The neighbours of a handler in a chain.
struct HandlerLinks {
    unowned(unsafe) var previous: RegisteredHandler?
    unowned(unsafe) var next: RegisteredHandler?
}
