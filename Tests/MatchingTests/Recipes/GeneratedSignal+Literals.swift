import EventDispatch

extension GeneratedSignal: RecipeSource {
    static var literals: [LiteralOffers<GeneratedSignal>] {
        let level = KeyDomain("level", \GeneratedSignal.MatchKeys.level, { $0.level }, [nil] + Domain.numbers)
        let text = KeyDomain("text", \GeneratedSignal.MatchKeys.text, { $0.text }, [nil] + Domain.texts)
        let isUrgent = KeyDomain("isUrgent", \GeneratedSignal.MatchKeys.isUrgent, { $0.isUrgent }, [true, false])
        let silent: LiteralOffers<GeneratedSignal>.Offer = { _ in
            let filter = Filter<GeneratedSignal>(satisfying: { if case .silent = $0 { true } else { false } })
            return Literal(.satisfying, "signal", "is silent", filter) { $0.level == nil && $0.text == nil }
        }
        return [
            level.offers(level.equality, level.presence(), level.optionalOrdering(Domain.numbers)),
            text.offers(text.equality, text.text { $0.text }, text.presence()),
            isUrgent.offers(isUrgent.equality, isUrgent.flags),
            LiteralOffers(name: "closures", offers: [silent]),
        ]
    }
}
