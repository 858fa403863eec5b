import EventDispatch

/// An event with keys of the kinds that are indexed in different ways.
struct FuzzedEvent: MatchableEvent {
    enum Phases: EventPhases {
        case first, second, last
        static var main: Self { .second }
    }

    let number: Int
    let ratio: Double
    let text: String
    let nickname: String?
    let count: Int?
    let tags: [String]
    let token: Token

    var isEven: Bool { number.isMultiple(of: 2) }

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let ratio = Key(\.ratio)
        let text = Key(\.text)
        let nickname = Key(\.nickname)
        let count = Key(\.count)
        let tags = Key(\.tags)
        let token = Key(\.token)
        let isEven = Key(\.isEven)
    }
}

extension FuzzedEvent {
    init(_ input: inout InputBytes) {
        number = input.pick(Domain.numbers)
        ratio = input.pick(Domain.ratios)
        text = input.pick(Domain.texts)
        nickname = input.pick([nil] + Domain.texts)
        count = input.pick([nil] + Domain.numbers)
        tags = (0..<input.number(below: 3)).map { _ in input.pick(Domain.texts) }
        token = input.pick(Token.all)
    }
}
