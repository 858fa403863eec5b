import EventDispatch

/// One thing that is done in a trial.
enum Step: CustomStringConvertible {
    case subscribe(FuzzedSubscription)
    case cancel(index: Int)
    case fire(FuzzedEvent)

    var description: String {
        switch self {
        case .subscribe(let subscription): "subscribe \(subscription)"
        case .cancel(let index): "cancel subscription \(index) of those left"
        case .fire(let event): "fire \(event)"
        }
    }
}
