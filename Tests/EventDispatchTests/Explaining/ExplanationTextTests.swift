import EventDispatch
import Testing

/// How an explanation prints.
@Suite(.timeLimit(.minutes(10))) struct ExplanationTextTests {
    private struct Evil: MatchableEvent {
        var text = "a\u{1B}[2J\nb"

        enum Phases: EventPhases, CustomStringConvertible {
            case only
            static var main: Self { .only }
            var description: String { "on\nly" }
        }

        struct MatchKeys: MatchKeySet {
            let text = Key(\.text, name: "te\u{1B}xt")
        }

        static var eventName: String { "Ev\u{7}il" }
    }

    private let dispatcher = EventDispatcher()

    @Test func `an explanation prints lookups matches and obstacles`() throws {
        let subscription = try dispatcher.subscribe {
            On(Parcel.self) {
                Phase(.before) { Handle("audit", fileID: "Shop.swift", line: 1) { _ in } }
                Rule {
                    Where(\.to == "Oslo")
                    Where(\.weight, in: 5..<10)
                    Handle("weigh", fileID: "Shop.swift", line: 2) { _ in await Task.yield() }.priority(1).limit(3)
                }
                Rule {
                    Where(\.to == "Bergen")
                    Handle("rain", fileID: "Shop.swift", line: 3) { _ in }
                    Handle("umbrella", fileID: "Shop.swift", line: 4) { _ in }
                }
                Rule {
                    Where(\.to == "Oslo")
                    Where(\.size == .large)
                    Handle("lift", fileID: "Shop.swift", line: 5) { _ in }
                }
                Rule {
                    Where { parcel in parcel.weight > 100 }
                    Handle("odd", fileID: "Shop.swift", line: 6) { _ in }
                }
            }
        }
        let text = #"""
            Parcel: 2 of 6 handlers match

            Lookups
              \.to: "Oslo" → values (2 values, 3 entries): 1 candidate
              \.weight: 7 → checked only
              \.size: .small → values (1 value, 1 entry): 0 candidates
              no filter: 1 handler, which every event finds
              scanned: 1 handler, because nothing in the filter can be indexed
                'odd' at Shop.swift:6 where { … }

            Would run
              before
                1. 'audit' at Shop.swift:1
              during
                2. 'weigh' at Shop.swift:2, priority 1, where \.to == "Oslo" && \.weight in 5..<10, 3 starts left, has to be awaited

            Did not match
              2 handlers: `\.to == "Bergen"` failed: `"Oslo"` (the first: 'rain' at Shop.swift:3)
              'lift' at Shop.swift:5: `\.size == .large` failed: `.small`
              'odd' at Shop.swift:6: `{ … }` failed
            """#
        #expect("\(dispatcher.explain(Parcel()))" == text)
        subscription.cancel()
    }

    @Test func `an event that nobody subscribed is explained in a line`() throws {
        #expect("\(dispatcher.explain(Parcel()))" == "Parcel: no handler is subscribed")
        try dispatcher.on(Parcel.self) { _ in }.cancel()
        #expect("\(dispatcher.explain(Parcel()))" == "Parcel: no handler is subscribed")
    }

    @Test func `control characters in names and values are escaped`() throws {
        let subscription = try dispatcher.subscribe {
            On(Evil.self) {
                Handle("han\u{1B}dler") { _ in }
                Rule {
                    Where(\.text == "x\ny")
                    Handle("ot\rher") { _ in }
                }
                Rule {
                    Where(\.text, contains: "\u{1B}")
                    Handle("th\u{8}ird") { _ in }
                }
            }
        }
        let text = "\(dispatcher.explain(Evil()))"
        let isControl = { (scalar: Unicode.Scalar) in scalar.value < 32 && scalar != "\n" }
        #expect(!text.unicodeScalars.contains(where: isControl))
        #expect(text.split(separator: "\n").count == 12)
        #expect(text.contains("on\\nly"))
        subscription.cancel()
    }

    @Test func `many subscriptions fit a page`() throws {
        let subscription = try dispatcher.subscribe {
            for number in 0..<2_000 {
                On(Parcel.self) {
                    Rule {
                        Where(\.to == "place \(number)")
                        Handle("\(number)") { _ in }
                    }
                    Rule {
                        Where(\.size == .small)
                        Handle("\(number)") { _ in }
                    }
                    Rule {
                        Where { _ in true }
                        Handle("\(number)") { _ in }
                    }
                }
            }
        }
        let explanation = dispatcher.explain(Parcel())
        #expect(explanation.matched.count == 4_000)
        let lines = "\(explanation)".split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count < 66)
        #expect(lines[0] == "Parcel: 4,000 of 6,000 handlers match")
        #expect(lines.contains("    … and 3,980 more handlers"))
        #expect(lines.contains("    … and 1,995 more"))
        #expect(lines.last == "  … and 1,980 more conditions (1,980 handlers)")
        subscription.cancel()
    }
}
