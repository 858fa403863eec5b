import EventDispatch

/// Does something when a handler is about to run.
struct ActingObserver: DispatchObserver {
    let act: @Sendable () -> Void

    func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) { act() }
}
