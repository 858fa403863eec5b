import EventDispatch
import ProgramSupport

/// An event with a key of every kind that filters can be put on.
struct GeneratedEvent: MatchableEvent {
    enum Phases: EventPhases {
        case first, second, third, last
        static var main: Self { .second }
    }

    var number: Int
    var byte: UInt8
    var ratio: Double
    var text: String
    var fragment: Substring
    var nickname: String?
    var count: Int?
    var nested: Int??
    var share: Double?
    var area: Plot?
    var release: Version?
    var flag: Bool
    var colour: Colour
    var shape: Shape
    var identifier: Identifier
    var crowded: Crowded
    var version: Version
    var plot: Plot
    var tags: [String]
    var codes: Set<Int>
    var token: Token
    var spareToken: Token?
    var box: Box?
    var carrier: Carrier
    var serial: Int

    var parity: Int { ((number % 3) + 3) % 3 }
    var label: String { "item.\(serial % 16).\(serial)" }

    struct MatchKeys: MatchKeySet {
        let number = Key(\.number)
        let byte = Key(\.byte)
        let ratio = Key(\.ratio)
        let text = Key(\.text)
        let fragment = Key(\.fragment)
        let nickname = Key(\.nickname)
        let count = Key(\.count)
        let nested = Key(\.nested)
        let share = Key(\.share)
        let area = Key(\.area)
        let release = Key(\.release)
        let flag = Key(\.flag)
        let colour = Key(\.colour)
        let shape = Key(\.shape)
        let identifier = Key(\.identifier)
        let crowded = Key(\.crowded)
        let version = Key(\.version)
        let plot = Key(\.plot)
        let tags = Key(\.tags)
        let codes = Key(\.codes)
        let token = Key(\.token)
        let spareToken = Key(\.spareToken)
        let boxWeight = Key(\.box?.weight)
        let carrierName = Key(\.carrier.name)
        let serial = Key(\.serial)
        let sameNumber = Key(\.number)
        var parity: Key<Int> { Key(\.parity) }
        var label: Key<String> { Key(\.label) }
    }
}

extension GeneratedEvent {
    /// One in four.
    var isExplained: Bool { serial.isMultiple(of: 4) }

    /// An event of random values.
    static func random(using random: inout SplitMix64) -> GeneratedEvent {
        GeneratedEvent(
            number: random.pick(Domain.numbers),
            byte: random.pick(Domain.bytes),
            ratio: random.pick(Domain.ratiosOfEvents),
            text: random.pick(Domain.texts),
            fragment: random.pick(Domain.texts)[...],
            nickname: random.oneIn(4) ? nil : random.pick(Domain.texts),
            count: random.oneIn(4) ? nil : random.pick(Domain.numbers),
            nested: random.pick(Domain.nested),
            share: random.oneIn(4) ? nil : random.pick(Domain.ratiosOfEvents),
            area: random.oneIn(4) ? nil : random.pick(Domain.plots),
            release: random.oneIn(4) ? nil : random.pick(Domain.versions),
            flag: random.oneIn(2),
            colour: random.pick(Colour.allCases),
            shape: random.pick(Domain.shapes),
            identifier: random.pick(Domain.identifiers),
            crowded: random.pick(Domain.crowd),
            version: random.pick(Domain.versions),
            plot: random.pick(Domain.plots),
            tags: (0..<Int.random(in: 0...3, using: &random)).map { _ in random.pick(Domain.tags) },
            codes: Set((0..<Int.random(in: 0...4, using: &random)).map { _ in random.pick(Domain.numbers) }),
            token: random.pick(Token.all),
            spareToken: random.oneIn(3) ? nil : random.pick(Token.all),
            box: random.oneIn(3) ? nil : Box(weight: random.pick(Domain.numbers)),
            carrier: Carrier(random.pick(Domain.texts)),
            serial: Int.random(in: Domain.serials, using: &random)
        )
    }
}
