import EventDispatch
import ProgramSupport

/// An event that is an enumeration with payload: none of its keys is stored where a structure's would be.
enum GeneratedSignal: MatchableEvent {
    case silent
    case level(Int)
    case message(String, urgent: Bool)

    var level: Int? { if case .level(let level) = self { level } else { nil } }
    var text: String? { if case .message(let text, _) = self { text } else { nil } }
    var isUrgent: Bool { if case .message(_, let urgent) = self { urgent } else { false } }

    struct MatchKeys: MatchKeySet {
        let level = Key(\.level)
        let text = Key(\.text)
        let isUrgent = Key(\.isUrgent)
    }
}

extension GeneratedSignal {
    var isExplained: Bool { true }

    /// A signal of random values.
    static func random(using random: inout SplitMix64) -> GeneratedSignal {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: .silent
        case 1, 2: .level(random.pick(Domain.numbers))
        default: .message(random.pick(Domain.texts), urgent: random.oneIn(2))
        }
    }
}
