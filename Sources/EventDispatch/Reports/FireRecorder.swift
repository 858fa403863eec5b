/// An observer that only records: it neither fires, nor subscribes, nor asks for ``DispatchContext``. So it's told without a scope.
///
/// Of fires that run in place, and of those of one awaited handler, it's told here, without the values that other observers get: most of
/// the time that observers cost goes into making those. Each of these calls stands for the one of ``DispatchObserver`` that its name says.
package protocol FireRecorder: DispatchObserver {
    /// A fire that runs in place begins. It is nested in none.
    func fireStartedInPlace(_ fire: UInt64, _ event: EventInPlace, at dispatcher: String)
    /// A handler of such a fire starts.
    func handlerStartedInPlace(_ handler: UInt64, _ label: HandlerLabel, phase: String, in fire: UInt64)
    /// It has succeeded.
    func handlerSucceededInPlace(_ handler: UInt64, _ label: HandlerLabel, phase: String, in fire: UInt64)
    /// It has not.
    func handlerFailedInPlace(_ outcome: HandlerOutcome, in fire: UInt64)
    /// Such a fire ends.
    ///
    /// - Parameters:
    ///   - isUnhandled: whether it matched no handler.
    ///   - outcomes: of the handlers that did not succeed.
    func fireFinishedInPlace(_ fire: UInt64, isUnhandled: Bool, _ outcomes: [HandlerOutcome])
}

/// An event that is fired in place, for as long as a call takes.
package struct EventInPlace {
    private let reference: EventReference

    init(_ reference: EventReference) { self.reference = reference }

    /// The event's type.
    package var type: any MatchableEvent.Type { reference.eventType }
    /// The event, copied.
    package var event: any MatchableEvent { reference.event }
}
