/// What all handlers of one fire have in common.
struct FireContext: Sendable {
    let event: EventReference
    /// Keeps the event in place for whoever goes on longer than the fire; nil for a synchronous fire, which nobody can outlast.
    let storage: EventStorage?
    let frame: DispatchFrame
    let detail: ReportDetail
    /// Nil when nobody observes the dispatcher.
    let observation: FireObservation?

    init(event: EventReference, storage: EventStorage? = nil, frame: DispatchFrame, detail: ReportDetail) {
        self.event = event
        self.storage = storage
        self.frame = frame
        self.detail = detail
        let dispatcher = frame.dispatcher
        observation = dispatcher.observers.current.map { observers in
            let fire = ObservedFire(event: event.event, dispatcherName: dispatcher.name, path: frame.path)
            return FireObservation(fire: fire, observers: observers)
        }
    }

    var dispatcher: EventDispatcher { frame.dispatcher }

    /// A running stopwatch where somebody wants to know durations.
    func startStopwatch() -> Stopwatch? {
        detail == .all || observation != nil ? Stopwatch(on: dispatcher.clock) : nil
    }
}
