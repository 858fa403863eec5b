/// One run of one handler: in which fire, and which handler.
struct HandlerRunID: Hashable, Sendable {
    let fire: ObjectIdentifier
    let handler: ObjectIdentifier
}
