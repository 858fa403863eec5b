extension Handle {
    /// Lets the handler start at most `count` times in any span of time of a length, exactly: the span slides.
    ///
    /// An event for which no start is left is no match. A start that throws counts. The handler is never used up. A start that lies
    /// exactly a span back doesn't count any more.
    ///
    /// - Parameters:
    ///   - count: how many starts.
    ///   - span: how long the span is, on the dispatcher's clock.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public func limit(
        _ count: Int,
        within span: Duration,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Self {
        limit(.startsWithin(count, span, per: nil, capacity: 1), CallSite(fileID: fileID, line: line))
    }

    /// Lets the handler start at most `count` times in any span of time of a length for each value of a key, exactly: the span slides.
    ///
    /// It remembers `capacity` values, each with the times of its last starts. Past that it forgets the one that was used least
    /// recently, which then starts anew; ``HandlerDescription/forgottenKeys`` counts how often that happened.
    ///
    /// - Parameters:
    ///   - count: how many starts for each value.
    ///   - key: the key that tells events apart.
    ///   - span: how long the span is, on the dispatcher's clock.
    ///   - capacity: how many values the limit remembers.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    @inlinable
    public func limit<Value: Hashable & Sendable>(
        _ count: Int,
        per key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        within span: Duration,
        capacity: Int = 65_536,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Self {
        let maker = EventKeyMaker(key, by: HashOperationsMaker(of: Value.self))
        return limit(count, within: span, per: maker, capacity, CallSite(fileID: fileID, line: line))
    }

    /// Lets the handler start only for an event whose value of a key differs from that of the event it started for last.
    ///
    /// An event with the same value is no match. The values of events that did not start the handler, because a limit refused them,
    /// aren't compared with.
    ///
    /// - Parameters:
    ///   - key: the key whose values are compared, by their `==`. A value that doesn't equal itself, as NaN, differs from all.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    @inlinable
    public func removeDuplicates<Value: Equatable & Sendable>(
        of key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Self {
        let maker = EventKeyMaker(key, by: HashOperationsMaker(comparing: Value.self))
        return removeDuplicates(of: maker, per: nil, 1, CallSite(fileID: fileID, line: line))
    }

    /// Lets the handler start only for an event whose value of a key differs from that of the event it started for last, among those
    /// with the same value of another key.
    ///
    /// It remembers the last value of `capacity` groups. Past that it forgets the group that was used least recently, whose next event
    /// then starts the handler; ``HandlerDescription/forgottenKeys`` counts how often that happened.
    ///
    /// - Parameters:
    ///   - key: the key whose values are compared, by their `==`.
    ///   - group: the key that tells groups apart.
    ///   - capacity: how many groups are remembered.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    @inlinable
    public func removeDuplicates<Value: Equatable & Sendable, Group: Hashable & Sendable>(
        of key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        per group: KeyPath<Event.MatchKeys, MatchKey<Event, Group>>,
        capacity: Int = 65_536,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Self {
        let maker = EventKeyMaker(key, by: HashOperationsMaker(comparing: Value.self))
        let groupMaker = EventKeyMaker(group, by: HashOperationsMaker(of: Group.self))
        return removeDuplicates(of: maker, per: groupMaker, capacity, CallSite(fileID: fileID, line: line))
    }
}

extension Handle {
    /// Starts the handler again when it has failed or its time was up, as a policy says.
    ///
    /// All attempts have one claim on the handler's limits and one outcome, that of the last, which says how many they were
    /// (``HandlerOutcome/attempts``). Each has its own time-out. A handler isn't started again when the firing task is cancelled, the
    /// fire is stopped, its subscription is cancelled or muted, or its owner is gone; nor one that was left behind and still runs.
    /// The fire waits for all attempts and pauses.
    ///
    /// A synchronous handler can't wait: it's retried without pauses only, or else registration fails.
    ///
    /// `.retry(3)` makes up to three more attempts after the first, without pauses. A number that is a variable is written
    /// `.retry(.immediate(attempts: count + 1))`.
    ///
    /// - Parameters:
    ///   - policy: how often, and after which pauses on the dispatcher's clock.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public func retry(_ policy: RetryPolicy, fileID: String = #fileID, line: Int = #line) -> Self {
        let location = CallSite(fileID: fileID, line: line)
        return with { $0.modifiers.retry = ModifierDeclarations.Retry(policy: policy, location: location) }
    }

    /// Lets at most `count` runs of the handler go on at a time. Later ones wait, in the order in which they came.
    ///
    /// The fire waits with them; when the firing task is cancelled, a run that waits doesn't start. A handler that was left behind
    /// has its place until it ends. A run that waits inside a run of the same handler would wait for itself: it fails instead, with a
    /// ``DispatchError`` of the code `.waitsForItself`.
    ///
    /// For asynchronous and for detached handlers. With several, as `.concurrency(1, per: \.customer).concurrency(8)`, a run needs
    /// room in all.
    ///
    /// - Parameters:
    ///   - count: how many runs.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public func concurrency(_ count: Int, fileID: String = #fileID, line: Int = #line) -> Self {
        concurrency(count, per: nil, CallSite(fileID: fileID, line: line))
    }

    /// Lets at most `count` runs of the handler go on at a time for each value of a key. Later ones wait, in the order in which they
    /// came.
    ///
    /// As ``concurrency(_:fileID:line:)`` otherwise. Only values that have runs or waiting ones take memory.
    ///
    /// - Parameters:
    ///   - count: how many runs for each value.
    ///   - key: the key that tells events apart.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    @inlinable
    public func concurrency<Value: Hashable & Sendable>(
        _ count: Int,
        per key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Self {
        let maker = EventKeyMaker(key, by: HashOperationsMaker(of: Value.self))
        return concurrency(count, per: maker, CallSite(fileID: fileID, line: line))
    }
}

// A handler that departs from its fire has nobody to reply to.

extension Handle where Event.Reply == Void {
    /// Starts the handler in its turn, in a task of its own that the fire doesn't wait for.
    ///
    /// Its outcome in the fire's report is `.detached`; a ``DispatchObserver`` sees how it ends. It runs on a copy of the event, with
    /// the firing task's priority and task-local values, on the actor that fires unless it has one of its own, and with a context of
    /// its own: cancelling or stopping the fire doesn't concern it any more. `drain`, `stop` and `cancelAndWait` wait for it.
    ///
    /// In a gate and in a `.failFast` block registration fails: its failure would come too late for both.
    ///
    /// - Parameters:
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public func detached(fileID: String = #fileID, line: Int = #line) -> Self {
        detached(atMost: nil, CallSite(fileID: fileID, line: line))
    }

    /// Starts the handler in its turn, in a task of its own that the fire doesn't wait for; but a fire that finds `count` of them
    /// running waits until one has ended.
    ///
    /// Fires wait in the order in which they came. A fire that is cancelled meanwhile doesn't start the handler. Such a handler can't be
    /// started by `fireSynchronously`, which can't wait.
    ///
    /// - Parameters:
    ///   - count: how many can run at a time.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public func detached(atMost count: Int, fileID: String = #fileID, line: Int = #line) -> Self {
        detached(atMost: count, CallSite(fileID: fileID, line: line))
    }

    /// Starts the handler when no further event that it matches has come for a time, with the last one.
    ///
    /// It starts detached, as with ``detached(fileID:line:)``: its outcome in the report of each of these fires is `.detached`. Claims on
    /// limits of events that others supersede are given back. A stop of the dispatcher starts what waits at once. `drain` and
    /// `cancelAndWait` don't wait for what has not started; after a cancellation, it doesn't start.
    ///
    /// - Parameters:
    ///   - quiet: for how long no other event must come, on the dispatcher's clock.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    public func debounce(_ quiet: Duration, fileID: String = #fileID, line: Int = #line) -> Self {
        debounce(quiet, per: nil, 1, CallSite(fileID: fileID, line: line))
    }

    /// Starts the handler when no further event with the same value of a key has come for a time, with the last one of each value.
    ///
    /// As ``debounce(_:fileID:line:)`` otherwise. Past `capacity` values that wait, the one whose last event is oldest starts at once.
    ///
    /// - Parameters:
    ///   - quiet: for how long no other event must come, on the dispatcher's clock.
    ///   - key: the key that tells events apart.
    ///   - capacity: how many values can wait.
    ///   - fileID: the file of the call, for errors and lists; leave it to the default.
    ///   - line: the line of the call; leave it to the default.
    @inlinable
    public func debounce<Value: Hashable & Sendable>(
        _ quiet: Duration,
        per key: KeyPath<Event.MatchKeys, MatchKey<Event, Value>>,
        capacity: Int = 65_536,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Self {
        let maker = EventKeyMaker(key, by: HashOperationsMaker(of: Value.self))
        return debounce(quiet, per: maker, capacity, CallSite(fileID: fileID, line: line))
    }

    @usableFromInline
    func debounce(_ quiet: Duration, per key: EventKeyMaker?, _ capacity: Int, _ location: CallSite) -> Self {
        let debounce = ModifierDeclarations.Debounce(quiet: quiet, key: key, capacity: capacity, location: location)
        return with { $0.modifiers.debounce = debounce }
    }

    private func detached(atMost count: Int?, _ location: CallSite) -> Self {
        with { $0.modifiers.detached = ModifierDeclarations.Detached(atMost: count, location: location) }
    }
}

extension Handle {
    @usableFromInline
    func limit(
        _ count: Int,
        within span: Duration,
        per key: EventKeyMaker,
        _ capacity: Int,
        _ location: CallSite
    ) -> Self {
        limit(.startsWithin(count, span, per: key, capacity: capacity), location)
    }

    @usableFromInline
    func removeDuplicates(
        of key: EventKeyMaker,
        per group: EventKeyMaker?,
        _ capacity: Int,
        _ location: CallSite
    ) -> Self {
        limit(.changes(of: key, per: group, capacity: capacity), location)
    }

    @usableFromInline
    func concurrency(_ count: Int, per key: EventKeyMaker?, _ location: CallSite) -> Self {
        let concurrency = ModifierDeclarations.Concurrency(count: count, key: key, location: location)
        return with { $0.modifiers.concurrency.append(concurrency) }
    }

    func limit(_ kind: LimitDeclaration.Kind, _ location: CallSite) -> Self {
        with { $0.limits.append(LimitDeclaration(kind, at: location)) }
    }
}
