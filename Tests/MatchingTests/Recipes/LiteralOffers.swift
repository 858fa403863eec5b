import EventDispatch
import ProgramSupport

/// The literals that can be made on one key.
struct LiteralOffers<Event: MatchableEvent> {
    typealias Offer = (inout SplitMix64) -> Literal<Event>

    let name: String
    let offers: [Offer]

    func literal(using random: inout SplitMix64) -> Literal<Event> {
        let offer = random.pick(offers)
        return offer(&random)
    }
}
