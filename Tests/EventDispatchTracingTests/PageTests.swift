import EventDispatch
import EventDispatchTracing
import Foundation
import Testing
import TestSupport

/// The page, as a file; `.ci/check-trace` looks at it in a browser.
@Suite(.timeLimit(.minutes(10))) struct PageTests {
    private struct Nasty: MatchableEvent {
        static var eventName: String { "</script><script>alert(1)</script><!--\u{202E}\u{2028}\u{1B}" }
    }

    private let dispatcher = EventDispatcher(name: "{{data}} {{nonce}}")
    private let trace = EventDispatchTrace()

    init() { dispatcher.observe(with: trace) }

    private func page() throws -> String {
        let path = try temporaryPath("trace.html")
        try trace.write(to: path)
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    /// The part of a page between two texts.
    private func part(of page: String, from start: String, to end: String) throws -> String {
        let begin = try #require(page.range(of: start))
        let finish = try #require(page.range(of: end, range: begin.upperBound..<page.endIndex))
        return String(page[begin.upperBound..<finish.lowerBound])
    }

    private func json(of page: String) throws -> String {
        try part(of: page, from: "<script type=\"application/json\" id=\"data\">", to: "</script>")
    }

    @Test func `names can't leave the data whatever they are`() throws {
        let subscription = try dispatcher.on(Nasty.self) { _ in throw Failure(description: "</script>&<b>\u{2029}") }
        _ = try? dispatcher.fireSynchronously(Nasty())
        let page = try page()
        // Two elements with scripts, one with data.
        #expect(page.components(separatedBy: "</script").count == 3)
        let data = try json(of: page)
        #expect(!data.contains { "<>&\u{2028}\u{2029}\u{202E}\u{1B}".contains($0) })
        let object = try #require(try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
        let texts = try #require(object["texts"] as? [String])
        #expect(texts.contains("</script><script>alert(1)</script><!--\\u{202E}\\u{2028}\\u{1B}"))
        #expect(texts.contains("</script>&<b>\\u{2029}"))
        #expect(texts.contains("{{data}} {{nonce}}"))
        subscription.cancel()
    }

    @Test func `its policy lets nothing in but its own script and style and differs in each page`() throws {
        let pages = [try page(), try page()]
        let nonces = try pages.map { page in
            let policy = try part(of: page, from: "http-equiv=\"Content-Security-Policy\" content=\"", to: "\"")
            let nonce = try part(of: policy, from: "script-src 'nonce-", to: "'")
            #expect(policy.hasPrefix("default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)';"))
            #expect(policy.contains("base-uri 'none'; form-action 'none'"))
            #expect(page.components(separatedBy: "nonce=\"\(nonce)\"").count == 3)
            return nonce
        }
        #expect(nonces[0] != nonces[1])
        #expect(nonces.allSatisfy { $0.count >= 16 })
    }

    @Test func `it loads nothing`() throws {
        let page = try page()
        for address in ["src=", "href=", "url(", "@import", "fetch(", "XMLHttpRequest", "import("] {
            #expect(!page.contains(address), "\(address)")
        }
        #expect(page.components(separatedBy: "http").count == 3, "the policy, and the name of SVG")
    }

    @Test func `its data are the snapshot`() throws {
        let subscription = try dispatcher.subscribe {
            On(Opened.self) {
                Handle("count") { _ in _ = try DispatchContext.current?.dispatcher.fireSynchronously(Counted()) }
            }
        }
        try dispatcher.fireSynchronously(Opened())
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json(of: page()).utf8)) as? [String: Any])
        let texts = try #require(object["texts"] as? [String])
        let fires = try #require(object["fires"] as? [[Any]])
        #expect(fires.map { texts[$0[3] as? Int ?? 0] } == ["opened", "counted"])
        #expect(fires.map { $0[1] as? UInt64 } == [0, fires[0][0] as? UInt64])
        #expect(fires.map { ($0[11] as? [Any])?.count } == [1, 0])
        let handlers = try #require(object["handlers"] as? [[Int]])
        #expect(handlers.map { texts[$0[1]] } == ["count"])
        #expect(object["lost"] as? Int == 0)
        #expect((object["listeners"] as? [Any])?.count == 1)
        subscription.cancel()
    }

    @Test func `a file that can't be written is an error`() {
        #expect(throws: (any Error).self) { try trace.write(to: "/nowhere/trace.html") }
        #expect(throws: (any Error).self) { try trace.write(perfetto: "/nowhere/trace.json") }
    }
}
