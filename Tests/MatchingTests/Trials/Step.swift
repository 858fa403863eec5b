/// One thing that is done in a trial.
enum Step: CustomStringConvertible {
    case subscribe(SubscriptionRecipe)
    case cancel(Int)
    case fire(GeneratedEvent)
    case signal(GeneratedSignal)

    var isFire: Bool {
        switch self {
        case .fire, .signal: true
        case .subscribe, .cancel: false
        }
    }

    var description: String {
        switch self {
        case .subscribe(let recipe): "add \(recipe)"
        case .cancel(let id): "cancel subscription \(id)"
        case .fire(let event): "fire \(event)"
        case .signal(let signal): "fire \(signal)"
        }
    }
}
