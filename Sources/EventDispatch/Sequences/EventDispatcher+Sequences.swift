extension EventDispatcher {
    /// The events of a type, from now on, as an asynchronous sequence.
    ///
    /// ```swift
    /// for await event in try dispatcher.events(of: UserCreated.self, where: \.role == .admin) {
    ///     print(event.name)
    /// }
    /// ```
    ///
    /// What is fired after this returns is not missed. Fires do not wait for whoever takes the events.
    ///
    /// - Parameters:
    ///   - event: the type.
    ///   - filter: which events; nil for all.
    ///   - phase: the phase in which they are noted.
    ///   - buffering: how many events are kept that nobody has taken, and which give way when there are more.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: the sequence, which unsubscribes when nobody holds it or an iterator any more, and ends when the dispatcher stops.
    /// - Throws: ``DispatchError`` for a filter that can't be right.
    public func events<Event: MatchableEvent>(
        of event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        buffering: EventBuffering = .newest(1_024),
        fileID: String = #fileID,
        line: Int = #line
    ) throws(DispatchError) -> EventSequence<Event> {
        let location = CallSite(fileID: fileID, line: line)
        return try sequence(buffering) { put throws(DispatchError) in
            try note(event, where: filter, during: phase, isOnce: false, location, put)
        }
    }

    /// The events of all types that conform to a protocol, from now on, as an asynchronous sequence.
    ///
    /// ```swift
    /// for await event in try dispatcher.events(conformingTo: (any AuditEvent).self) { print(event.userID) }
    /// ```
    ///
    /// Types are selected as ``OnAny`` does, and events noted where its handlers run.
    ///
    /// - Parameters:
    ///   - type: the protocol, `(any AuditEvent).self`.
    ///   - pattern: a pattern that the types' names have to fit besides.
    ///   - buffering: how many events are kept that nobody has taken, and which give way when there are more.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: the sequence, as ``events(of:where:during:buffering:fileID:line:)`` does.
    /// - Throws: ``DispatchError`` for a pattern that is malformed.
    public func events<Base: Sendable>(
        conformingTo type: Base.Type,
        named pattern: String? = nil,
        buffering: EventBuffering = .newest(1_024),
        fileID: String = #fileID,
        line: Int = #line
    ) throws(DispatchError) -> EventSequence<Base> {
        let location = CallSite(fileID: fileID, line: line)
        return try sequence(buffering) { put throws(DispatchError) in
            let handle = Self.handle(AnyEvent<Base>.self, location) { put($0.base) }
            return try subscribe(fileID: fileID, line: line) {
                OnAny(conformingTo: type, named: pattern, fileID: fileID, line: line) { handle }
            }
        }
    }

    /// The events of all types whose names fit a pattern, from now on, as an asynchronous sequence.
    ///
    /// ```swift
    /// for await event in try dispatcher.events(named: "shop.**") { print(type(of: event).eventName) }
    /// ```
    ///
    /// - Parameters:
    ///   - pattern: a dotted name, in which `*` stands for one token, and `**`, as the last one, for all that follow, none
    ///     included: `"**"` is for all types.
    ///   - buffering: how many events are kept that nobody has taken, and which give way when there are more.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: the sequence, as ``events(of:where:during:buffering:fileID:line:)`` does.
    /// - Throws: ``DispatchError`` for a pattern that is malformed.
    public func events(
        named pattern: String,
        buffering: EventBuffering = .newest(1_024),
        fileID: String = #fileID,
        line: Int = #line
    ) throws(DispatchError) -> EventSequence<any MatchableEvent> {
        try events(
            conformingTo: (any MatchableEvent).self,
            named: pattern,
            buffering: buffering,
            fileID: fileID,
            line: line
        )
    }

    /// A sequence of what a subscription puts into it.
    private func sequence<Event: Sendable>(
        _ buffering: EventBuffering,
        _ subscribe: (_ put: @escaping @Sendable (Event) -> Bool) throws(DispatchError) -> EventSubscription
    ) throws(DispatchError) -> EventSequence<Event> {
        let buffers = EventBuffers<Event>(buffering)
        return EventSequence(SequenceStorage(buffers, try consume(subscribe, buffers.put, buffers.finish)))
    }

    /// The next event of a type, from now on, to be waited for.
    ///
    /// ```swift
    /// let pending = try dispatcher.next(of: UserCreated.self, timeout: .seconds(5))
    /// signUp()
    /// let created = try await pending.value
    /// ```
    ///
    /// What is fired after this returns is not missed, also when it comes before somebody waits.
    ///
    /// - Parameters:
    ///   - event: the type.
    ///   - filter: which event; nil for any.
    ///   - phase: the phase in which it is noted.
    ///   - timeout: how long to wait, from now on, on the dispatcher's clock; nil for as long as it takes.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    /// - Returns: what waits for the event.
    /// - Throws: ``DispatchError`` for a filter that can't be right, and a time that is not positive.
    public func next<Event: MatchableEvent>(
        of event: Event.Type,
        where filter: Filter<Event>? = nil,
        during phase: Event.Phases = .main,
        timeout: Duration? = nil,
        fileID: String = #fileID,
        line: Int = #line
    ) throws(DispatchError) -> PendingEvent<Event> {
        let location = CallSite(fileID: fileID, line: line)
        if let timeout, timeout <= .zero {
            throw DispatchError(
                code: .invalidTimeout,
                message: "the time to wait for \(Event.eventName) is \(timeout); it has to be positive",
                location: location
            )
        }
        let deadline = timeout.map { Deadline(in: $0, on: clock) }
        let state = PendingState<Event>(Event.eventName, location)
        let subscribe = { (put: @escaping @Sendable (Event) -> Bool) throws(DispatchError) in
            try self.note(event, where: filter, during: phase, isOnce: true, location, put)
        }
        let consumer = try consume(subscribe, state.fulfil, state.giveUp)
        if let deadline, let timeout { state.expire(at: deadline, after: timeout, consumer.subscription) }
        return PendingEvent(state, consumer)
    }

    /// Subscribes someone who takes events out of a handler.
    ///
    /// - Parameters:
    ///   - subscribe: registers a handler that puts events.
    ///   - put: takes an event; false when nobody waits for it any more.
    ///   - noteEnd: lets those who wait know that none can come any more.
    private func consume<Event: Sendable>(
        _ subscribe: (_ put: @escaping @Sendable (Event) -> Bool) throws(DispatchError) -> EventSubscription,
        _ put: @escaping @Sendable (Event) -> Bool,
        _ noteEnd: @escaping @Sendable () -> Void
    ) throws(DispatchError) -> ConsumerSubscription {
        let feed = EventFeed(noteEnd)
        let subscription = try subscribe { event in withExtendedLifetime(feed) { put(event) } }
        return ConsumerSubscription(subscription, among: consumers, noteEnd: noteEnd)
    }

    /// Subscribes a handler that notes events. One that is not taken, because nobody waits for it any more, was not handled.
    private func note<Event: MatchableEvent>(
        _ event: Event.Type,
        where filter: Filter<Event>?,
        during phase: Event.Phases,
        isOnce: Bool,
        _ location: CallSite,
        _ put: @escaping @Sendable (Event) -> Bool
    ) throws(DispatchError) -> EventSubscription {
        let handle = Self.handle(event, location, put)
        return try on(event, where: filter, during: phase, isOnce ? handle.once() : handle)
    }

    private static func handle<Event: MatchableEvent>(
        _ event: Event.Type,
        _ location: CallSite,
        _ put: @escaping @Sendable (Event) -> Bool
    ) -> Handle<Event> {
        let body = InPlaceBody { event in
            put(event.event(as: Event.self)) ? .nothing : .refused(.unsubscribed)
        }
        return Handle(HandlerDeclaration(name: "", location: location, body: .synchronous(body), onlyWatches: true))
    }
}

/// Held by the handler of a sequence, or of an event that is waited for: when it goes, nothing more can come.
private final class EventFeed: Sendable {
    private let noteEnd: @Sendable () -> Void

    init(_ noteEnd: @escaping @Sendable () -> Void) { self.noteEnd = noteEnd }

    deinit { noteEnd() }
}
