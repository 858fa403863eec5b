import EventDispatch

/// Notes what it is told, one line for each message.
struct JournalObserver: DispatchObserver {
    let journal: Journal

    func fireStarted(_ fire: ObservedFire) { journal.note("fire \(path(fire))") }
    func fireFinished(_ fire: ObservedFire, report: any AnyDispatchReport) {
        journal.note("done \(path(fire)) \(report.matched)/\(report.succeeded)")
    }
    func handlerStarted(_ handler: ObservedHandler, in fire: ObservedFire) {
        journal.note("start \(path(fire)) \(handler.label.name) \(handler.phase)")
    }
    func handlerFinished(_ outcome: HandlerOutcome, in fire: ObservedFire) {
        journal.note("end \(path(fire)) \(outcome.handler.name) \(outcome.phase) \(outcome.result)")
    }
    func overrunEnded(_ handler: ObservedHandler, in fire: ObservedFire) {
        journal.note("overrun \(path(fire)) \(handler.label.name) \(handler.phase)")
    }
    func dropped(_ event: any MatchableEvent, reason: DropReason) { journal.note("dropped \(event) \(reason)") }
    func unhandled(_ fire: ObservedFire) { journal.note("unhandled \(path(fire))") }

    private func path(_ fire: ObservedFire) -> String { fire.path.joined(separator: ">") }
}

/// Notes only what is dropped: the number of the event and the reason.
struct DropObserver: DispatchObserver {
    let journal: Journal

    func dropped(_ event: any MatchableEvent, reason: DropReason) {
        journal.note("\((event as? Letter)?.number ?? -1) \(reason)")
    }
}
