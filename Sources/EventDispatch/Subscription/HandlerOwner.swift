/// The object that a `weak:` handler ends with.
struct HandlerOwner<Object: AnyObject & Sendable>: Sendable {
    weak let object: Object?
}

/// The owner of a handler, whatever its type.
protocol AnyHandlerOwner: Sendable {
    var isAlive: Bool { get }
}

extension HandlerOwner: AnyHandlerOwner {
    var isAlive: Bool { object != nil }
}
