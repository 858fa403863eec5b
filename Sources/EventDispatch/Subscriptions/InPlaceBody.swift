import CEventDispatch

/// The closure of a handler that runs in place, whatever the event.
///
/// Most are what the user wrote: a closure that takes the event. Another closure around it, to get the event from its reference, would be
/// one more piece of memory for each handler, and one more for each fire to wait for. So the user's closure is kept as it is, without its
/// type, beside a function that knows the type and captures nothing.
@usableFromInline
struct InPlaceBody: Sendable {
    @usableFromInline typealias Function = @Sendable (UntypedClosure, EventReference) throws -> HandlerReply

    private let closure: UntypedClosure
    private let function: Function

    /// A closure, and a function that calls it.
    @usableFromInline
    init(_ closure: UntypedClosure, calledBy function: @escaping Function) {
        self.closure = closure
        self.function = function
    }

    /// A user's closure.
    @inlinable
    init<Event: MatchableEvent>(_ body: @escaping @Sendable (Event) throws -> Event.Reply, for type: Event.Type) {
        self.init(UntypedClosure(TypedClosure<Event>(body))) { closure, event in
            HandlerReply(try closure.call(as: Event.self, with: event), to: Event.self)
        }
    }

    /// A closure that takes any event.
    @usableFromInline
    init(_ body: @escaping @Sendable (EventReference) throws -> HandlerReply) {
        self.init(UntypedClosure(body)) { closure, event in try closure.untyped(event) }
    }

    /// Has what the closure captures fetched, to be there when it's called.
    @inline(__always)
    func prefetch() { closure.prefetch() }

    /// Calls the closure.
    @inline(__always)
    func callAsFunction(_ event: EventReference) throws -> HandlerReply { try function(closure, event) }
}

/// A closure without its type, kept alive.
@usableFromInline
struct UntypedClosure: Sendable {
    // Sound: closures of all types lie in memory alike, a function and its context, and a structure of one field as the field does. It is
    // called only by those that made it, as what it was.
    private let closure: @Sendable () -> Void

    @usableFromInline
    init<Event: MatchableEvent>(_ closure: TypedClosure<Event>) { self = unsafeBitCast(closure, to: Self.self) }

    init(_ body: @escaping @Sendable (EventReference) throws -> HandlerReply) {
        self = unsafeBitCast(ClosureOfReference(body: body), to: Self.self)
    }

    /// Calls a user's closure for the event that it was made for. It is lent and not copied, which would count a reference.
    @inlinable
    func call<Event: MatchableEvent>(as type: Event.Type, with event: EventReference) throws -> Event.Reply {
        try withUnsafePointer(to: self) { closure in
            try HeldClosure.call(
                UnsafeRawPointer(closure).assumingMemoryBound(to: HeldClosure<Event>.self).pointee,
                with: event
            )
        }
    }

    @inline(__always)
    fileprivate func prefetch() {
        ed_prefetch(UnsafeRawPointer(bitPattern: unsafeBitCast(self, to: (UInt, UInt).self).1))
    }

    fileprivate var untyped: @Sendable (EventReference) throws -> HandlerReply {
        unsafeBitCast(self, to: ClosureOfReference.self).body
    }

    private struct ClosureOfReference {
        let body: @Sendable (EventReference) throws -> HandlerReply
    }
}

/// A user's closure.
@usableFromInline
struct TypedClosure<Event: MatchableEvent> {
    @usableFromInline let body: @Sendable (Event) throws -> Event.Reply

    @inlinable
    init(_ body: @escaping @Sendable (Event) throws -> Event.Reply) { self.body = body }
}

/// A user's closure that can't be copied, and so is lent.
@usableFromInline
struct HeldClosure<Event: MatchableEvent>: ~Copyable {
    @usableFromInline let body: @Sendable (Event) throws -> Event.Reply

    @inlinable
    static func call(_ held: borrowing HeldClosure, with event: EventReference) throws -> Event.Reply {
        try event.withEvent(as: Event.self, held.body)
    }
}
