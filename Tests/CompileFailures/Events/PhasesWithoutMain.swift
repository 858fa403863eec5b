import EventDispatch

private struct Shutdown: MatchableEvent {
    enum Phases: EventPhases {  // error: type 'Shutdown.Phases' does not conform to protocol 'EventPhases'
        case drain, close
    }
}
