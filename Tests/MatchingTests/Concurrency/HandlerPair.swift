import EventDispatch

/// A subscription of two handlers that stand in different phases, under different keys, and that every ``Reading/common``
/// matches: the index keeps them in different places, and a fire has to find both or neither.
struct HandlerPair {
    /// What the handlers are called: the number, and which of the two.
    let number: Int

    func subscribe(to dispatcher: EventDispatcher) throws(DispatchError) -> EventSubscription {
        let (first, second) = conditions
        return try dispatcher.subscribe {
            On(Reading.self) {
                Phase(.early) {
                    Where(first)
                    Handle("\(number) first") { _ in }
                }
                Phase(.late) {
                    Where(second)
                    Handle("\(number) second") { _ in }
                }
            }
        }
    }

    private var conditions: (Filter<Reading>, Filter<Reading>) {
        switch number % 6 {
        case 0: (\.sensor == 7, Filter(\.place, hasPrefix: "hall."))
        case 1: (Filter(\.level, in: 1...3), \.sensor == 7)
        case 2: (Filter(\.place, matches: "hall.*"), Filter(\.level, atLeast: 2))
        case 3: (\.place == "hall.north", Filter { $0.sensor == 7 })
        case 4: (\.sensor == 7 || \.level > 9, \.place != "cellar")
        default: (Filter(\.place, hasSuffix: ".north"), Filter(\.sensor, in: [1, 7, number]))
        }
    }
}
