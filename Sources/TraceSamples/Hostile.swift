import EventDispatch
import EventDispatchTracing

/// Names, descriptions and errors that try to become something else than text.
enum Hostile {
    static let texts = [
        "</script><script>window.broken = 1</script>",
        "<img src=x onerror=\"window.broken = 2\">",
        "<!--<script>",
        "\u{202E}txet desrever\u{202C}\u{2066}",
        "line\u{2028}and\u{2029}paragraph",
        "\u{1B}[31mred\u{7}\u{0}",
        "{{data}} {{nonce}} \\u003c \"quoted\" 'single' `back`",
        "javascript:alert(1) &lt;b&gt; &#60;",
        "שלום عليكم 🏳️‍🌈 e\u{301}",
        String(repeating: "long ", count: 400),
    ]

    struct Nasty: MatchableEvent {
        let text: String
        static var eventName: String { "\u{202E}<b>nasty</b></script><svg onload=window.broken=3>" }

        struct MatchKeys: MatchKeySet { let text = Key(\.text) }
    }

    struct Bad: Error, CustomStringConvertible {
        let description: String
    }

    static func run(_ dispatcher: EventDispatcher, _ trace: EventDispatchTrace) async throws -> SubscriptionBag {
        let bag = SubscriptionBag()
        let other = EventDispatcher(name: "</script><script>window.broken = 4</script>")
        other.observe(with: trace)
        for dispatcher in [dispatcher, other] {
            try dispatcher.subscribe {
                for text in texts {
                    On(Nasty.self) {
                        Where(\.text, is: text)
                        Handle(text, fileID: "<b>\u{2028}</b>/File.swift", line: 7) { _ in throw Bad(description: text)
                        }
                    }
                }
            }.store(in: bag)
            for text in texts { _ = try await dispatcher.fireReporting(Nasty(text: text)) }
        }
        return bag
    }
}
