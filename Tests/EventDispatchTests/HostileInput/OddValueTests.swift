import EventDispatch
import Foundation
import Testing

/// Values whose `==`, `hash` or `description` is not what it should be: nothing of it stops the process.
@Suite(.timeLimit(.minutes(10))) struct OddValueTests {
    private let dispatcher = EventDispatcher()
    private let notADate = Date(timeIntervalSinceReferenceDate: .nan)

    // MARK: Values that don't equal themselves, and whose description may not be asked for

    @Test func `a date that is not a number is refused`() {
        for filter: Filter<Sample<Date>> in [
            \.value == notADate, \.value != notADate, \.value < notADate, Filter(\.value, in: [Date(), notADate]),
            Filter(\.value, isNot: notADate) && \.value > Date(),
        ] {
            let error = refusal { () throws(DispatchError) in
                try dispatcher.on(Sample<Date>.self, where: filter) { _ in }
            }
            #expect(error?.code == .notANumber)
            #expect(error?.message.contains("<Date that does not equal itself>") == true)
        }
    }

    @Test func `a date that is not a number is printed as such wherever it stands`() throws {
        struct Wrapped: Hashable { let dates: [Date?] }
        // An array is equal to itself without a look at its elements.
        let wrapped = Wrapped(dates: [nil, notADate])
        let text = "Wrapped(dates: [nil, <Date that does not equal itself>])"
        let subscription = try dispatcher.on(Sample<Wrapped>.self, where: \.value != wrapped) { _ in }
        #expect(dispatcher.handlers.map(\.filter) == [#"\.value != \#(text)"#])
        #expect(dispatcher.explain(Sample(wrapped)).keys.map(\.value) == [text])
        subscription.cancel()
    }

    @Test func `an event with a date that is not a number can be explained`() throws {
        let subscription = try dispatcher.on(Sample<Date>.self, where: \.value > Date()) { _ in }
        let explanation = dispatcher.explain(Sample(notADate))
        #expect(explanation.obstacles.map(\.value) == ["<Date that does not equal itself>"])
        #expect(explanation.keys.map(\.value) == ["<Date that does not equal itself>"])
        subscription.cancel()
    }

    // MARK: Values whose `==` answers anew each time

    /// Equal or not in turn, whatever it is compared with.
    private struct Fickle: Hashable, Comparable, CustomStringConvertible {
        let turns: Turns

        var description: String { "fickle" }
        static func == (left: Self, right: Self) -> Bool { left.turns.next() }
        static func < (left: Self, right: Self) -> Bool { left.turns.next() }
        func hash(into hasher: inout Hasher) {}
    }

    /// Answers what it was told to, again and again.
    private final class Turns: Sendable {
        private let answers: [Bool]
        private let asked = Tally()

        init(_ answers: [Bool]) { self.answers = answers }

        func next() -> Bool { answers[(asked.increment() - 1) % answers.count] }
    }

    @Test func `a value whose equality answers anew each time stops nothing`() throws {
        for bits in 0..<512 {
            let turns = Turns((0..<9).map { bits >> $0 & 1 == 1 })
            let (first, second) = (Fickle(turns: turns), Fickle(turns: turns))
            let filters: [Filter<Sample<Fickle>>] = [
                \.value == first && \.value == second, \.value == first && \.value != second,
                \.value == first && Filter(\.value, in: [second, first]),
                \.value == first && (\.value == second || \.value == first) && \.value < second,
                \.value < first && \.value > second, !(\.value == first && \.value != second),
                (\.value == first && \.value == second) || (\.value == second && \.value != first),
            ]
            var subscriptions: [EventSubscription] = []
            for filter in filters {
                if let subscription = try? dispatcher.on(Sample<Fickle>.self, where: filter, { _ in }) {
                    subscriptions.append(subscription)
                }
            }
            _ = "\(dispatcher.explain(Sample(second)))"
            _ = try? dispatcher.fireSynchronously(Sample(first))
            for subscription in subscriptions { subscription.cancel() }
        }
        #expect(dispatcher.handlers.isEmpty)
    }

    @Test func `an array of values that come to be equal while it is read stops nothing`() throws {
        for bits in 0..<64 {
            let turns = Turns((0..<7).map { bits >> $0 & 1 == 1 })
            let values = (0..<40).map { _ in Fickle(turns: turns) }
            let subscription = try? dispatcher.on(Sample<Fickle>.self, where: Filter(\.value, in: values)) { _ in }
            _ = dispatcher.explain(Sample(values[0]))
            subscription?.cancel()
        }
    }

    // MARK: Objects that come to be equal

    @Test func `sets of objects that come to be equal can be explained`() throws {
        let plates = (0..<20).map { Plate($0) }
        let filters: [Filter<Sample<Plate>>] = [
            Filter(\.value, in: Set(plates)), Filter(\.value, in: plates), !Filter(\.value, in: Set(plates)),
        ]
        let subscriptions = try filters.map { filter in
            try dispatcher.on(Sample<Plate>.self, where: filter) { _ in }
        }
        let whole = try dispatcher.on(Sample<Set<Plate>>.self, where: \.value == Set(plates)) { _ in }
        let part = try dispatcher.on(Sample<[Set<Plate>]>.self, where: Filter(\.value, contains: Set(plates))) { _ in }
        for plate in plates { plate.number.withLock { $0 = 7 } }
        #expect(dispatcher.explain(Sample(Plate(8))).handlers == 3)
        #expect(dispatcher.explain(Sample(Set<Plate>())).obstacles.count == 1)
        #expect(dispatcher.explain(Sample([Set<Plate>]())).obstacles.count == 1)
        #expect(dispatcher.handlers.count == 5)
        for subscription in subscriptions + [whole, part] { subscription.cancel() }
    }

    @Test func `a set whose members come to be equal is a key of a signal as any other`() async throws {
        let signal = Signal<Void, Int>(())
        let plates = (0..<4).map { Plate($0) }
        let connection = try signal.connect(keys: [Set(plates)]) { _ in 1 }
        for plate in plates { plate.number.withLock { $0 = 7 } }
        try signal.connect(keys: [Set(plates)]) { _ in 2 }
        _ = try await signal.send(keys: [Set(plates)])
        #expect(try await signal.send(keys: [Set<Plate>()]).isEmpty)
        #expect(signal.receivers.count == 2)
        connection.disconnect()
        signal.disconnectAll()
    }

    /// An object that is equal to others with its number, which changes.
    private final class Plate: Hashable, Sendable {
        let number: Locked<Int>

        init(_ number: Int) { self.number = Locked(number) }

        static func == (left: Plate, right: Plate) -> Bool {
            left.number.withLock { $0 } == right.number.withLock { $0 }
        }
        func hash(into hasher: inout Hasher) { hasher.combine(number.withLock { $0 }) }
    }
}
