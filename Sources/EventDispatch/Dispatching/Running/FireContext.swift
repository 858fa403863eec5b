/// What all handlers of one fire have in common.
struct FireContext<Event: MatchableEvent>: Sendable {
    let event: Event
    let frame: DispatchFrame
    let detail: ReportDetail
    /// Nil when nobody observes the dispatcher.
    let observation: FireObservation?

    init(event: Event, frame: DispatchFrame, detail: ReportDetail) {
        self.event = event
        self.frame = frame
        self.detail = detail
        let dispatcher = frame.dispatcher
        observation = dispatcher.observers.current.map { observers in
            let fire = ObservedFire(event: event, dispatcherName: dispatcher.name, path: frame.path)
            return FireObservation(fire: fire, observers: observers)
        }
    }

    var dispatcher: EventDispatcher { frame.dispatcher }

    /// A running stopwatch where somebody wants to know durations.
    func startStopwatch() -> Stopwatch? {
        detail == .all || observation != nil ? Stopwatch(on: dispatcher.clock) : nil
    }
}
