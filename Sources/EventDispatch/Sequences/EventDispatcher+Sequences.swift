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
        let buffer = EventBuffer<Event>(buffering)
        let feed = EventFeed(buffer)
        let subscription = try note(event, where: filter, during: phase, isOnce: false, location) { feed.put($0) }
        return EventSequence(SequenceStorage(buffer, subscription, among: consumers))
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
        let feed = PendingFeed(state)
        let subscription = try note(event, where: filter, during: phase, isOnce: true, location) { feed.put($0) }
        if let deadline, let timeout { state.expire(at: deadline, after: timeout, subscription) }
        return PendingEvent(state, subscription, among: consumers)
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
        let body = HandlerBody.synchronous { event in
            put(event.event(as: Event.self)) ? .nothing : .refused(.unsubscribed)
        }
        let handle = Handle<Event>(HandlerDeclaration(name: "", location: location, body: body))
        return try on(event, where: filter, during: phase, isOnce ? handle.once() : handle)
    }
}
