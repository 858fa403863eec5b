import EventDispatch
import TestSupport
import Testing

/// Tables that are so large that they have parts.
@Suite(.timeLimit(.minutes(10))) struct LargeTableTests {
    private let dispatcher = EventDispatcher()

    private func register(_ number: Int) throws -> EventSubscription {
        try dispatcher.on(Sample<Int>.self, where: \.value == number) { _ in }
    }

    private func matched(by number: Int) throws -> Int { try dispatcher.fireSynchronously(Sample(number)).matched }

    @Test func `values of a large table are found while others come and go`() throws {
        let count = scaled(12_000, full: 400_000)
        var live: [Int: EventSubscription] = [:]
        for number in 0..<count {
            live[number] = try register(number)
            if number.isMultiple(of: 251) { #expect(try matched(by: number / 2) == 1) }
        }
        for number in 0..<count { #expect(try matched(by: number) == 1) }
        #expect(try matched(by: count) == 0)
        for number in 0..<count where !number.isMultiple(of: 64) { live.removeValue(forKey: number)?.cancel() }
        for number in 0..<count { #expect(try matched(by: number) == (number.isMultiple(of: 64) ? 1 : 0)) }
        for number in 0..<count / 2 where !number.isMultiple(of: 64) { live[number] = try register(number) }
        for number in 0..<count / 2 { #expect(try matched(by: number) == 1) }
        for subscription in live.values { subscription.cancel() }
        for number in 0..<count { #expect(try matched(by: number) == 0) }
        #expect(!dispatcher.hasHandlers(for: Sample<Int>.self))
    }

    @Test func `a fire finds what stays while another thread lets the table grow and shrink`() async throws {
        let others = scaled(7_000, full: 100_000)
        let staying = try (0..<8).map { try register(-1 - $0) }
        let isOver = Flag()
        async let missed = onThread { [dispatcher] in
            var missed = 0
            repeat {
                for number in 1...8 {
                    if (try? dispatcher.fireSynchronously(Sample(-number)))?.matched != 1 { missed += 1 }
                }
            } while !isOver.isSet
            return missed
        }
        let added = try (0..<others).map { try register($0) }
        for subscription in added { subscription.cancel() }
        isOver.set()
        #expect(await missed == 0)
        for subscription in staying { subscription.cancel() }
    }

    private struct Alike: Hashable {
        let number: Int

        func hash(into hasher: inout Hasher) { hasher.combine(number & 1) }
    }

    @Test func `a large table of few hashes is a table like others`() throws {
        let count = scaled(300, full: 12_000)
        let subscriptions = try (0..<count).map { number in
            try dispatcher.on(Sample<Alike>.self, where: \.value == Alike(number: number)) { _ in }
        }
        for number in stride(from: 0, to: count, by: max(1, count / 300)) {
            #expect(try dispatcher.fireSynchronously(Sample(Alike(number: number))).matched == 1)
        }
        for subscription in subscriptions { subscription.cancel() }
        #expect(try dispatcher.fireSynchronously(Sample(Alike(number: 0))).matched == 0)
    }
}
