import EventDispatch
import Testing

/// Firing events whose types are known when the program runs only.
@Suite(.timeLimit(.minutes(10))) struct AnyTypeFireTests {
    private struct Failure: Error {}

    private class Animal: MatchableEvent, @unchecked Sendable {
        // Sound: neither class has any state.
        struct MatchKeys: MatchKeySet {}
    }

    private final class Frog: Animal, @unchecked Sendable {}

    private let dispatcher = EventDispatcher()
    private let journal = Journal()
    private let bag = SubscriptionBag()

    init() throws {
        let journal = journal
        bag.insert(try dispatcher.on(Ping.self) { ping in journal.note("ping \(ping.count)") })
        bag.insert(try dispatcher.on(Letter.self) { letter in journal.note("letter \(letter.number)") })
        bag.insert(try dispatcher.on(PriceRequested.self) { _ in 12 })
        bag.insert(try dispatcher.on(Animal.self) { _ in journal.note("animal") })
        bag.insert(try dispatcher.on(Frog.self) { _ in journal.note("frog") })
    }

    @Test func `an event of a type that is not known reaches the handlers of its type`() async throws {
        let events: [any MatchableEvent] = [Ping(count: 1), Letter(2)]
        for event in events {
            try await dispatcher.fire(event)
            _ = try await dispatcher.fireReporting(event)
            try dispatcher.fireSynchronously(event)
        }
        #expect(journal.entries == Array(repeating: "ping 1", count: 3) + Array(repeating: "letter 2", count: 3))
    }

    @Test func `its report is that of its type`() async throws {
        let event: any MatchableEvent = PriceRequested()
        let reports: [any AnyDispatchReport] = [
            try await dispatcher.fire(event), try await dispatcher.fireReporting(event),
            try dispatcher.fireSynchronously(event),
        ]
        for report in reports {
            #expect(report.eventName == PriceRequested.eventName)
            #expect(report.matched == 1)
            #expect((report as? DispatchReport<PriceRequested>)?.replies == [12])
        }
    }

    @Test func `the report of an event whose type is known needs no cast`() async throws {
        #expect(try await dispatcher.fire(PriceRequested()).replies == [12])
        #expect(try await dispatcher.fireReporting(PriceRequested()).replies == [12])
        #expect(try dispatcher.fireSynchronously(PriceRequested()).replies == [12])
    }

    @Test func `what a handler of an event of any type throws arrives as always`() async throws {
        bag.insert(try dispatcher.on(Ping.self) { _ in throw Failure() })
        let event: any MatchableEvent = Ping()
        await #expect(throws: DispatchFailure.self) { try await dispatcher.fire(event) }
        #expect(throws: DispatchFailure.self) { try dispatcher.fireSynchronously(event) }
        let report = try await dispatcher.fireReporting(event, detail: .all)
        #expect(report.outcomes.count == 2)
        #expect(report.outcomes.last?.error is Failure)
    }

    @Test func `an error of an event of any type names the place of its call`() async throws {
        let stopped = EventDispatcher(started: false)
        let event: any MatchableEvent = Ping()
        let fired = await #expect(throws: DispatchError.self) { try await stopped.fire(event, line: 12) }
        let reported = await #expect(throws: DispatchError.self) {
            _ = try await stopped.fireReporting(event, line: 13)
        }
        let inPlace = #expect(throws: DispatchError.self) { try stopped.fireSynchronously(event, line: 14) }
        #expect([fired, reported, inPlace].map { $0?.location.line } == [12, 13, 14])
        #expect([fired, reported, inPlace].map { $0?.location.fileID } == Array(repeating: #fileID, count: 3))
    }

    @Test @MainActor func `handlers of an event of any type run on the caller's actor`() async throws {
        bag.insert(try dispatcher.on(Ping.self) { @MainActor [journal] _ in journal.note("main") })
        let event: any MatchableEvent = Ping()
        try dispatcher.fireSynchronously(event)
        try await dispatcher.fire(event)
        #expect(journal.entries.filter { $0 == "main" }.count == 2)
    }

    @Test func `the type that an object was erased with decides`() async throws {
        let asItself: any MatchableEvent = Frog()
        let asAnimal: any MatchableEvent = Frog() as Animal
        try await dispatcher.fire(asItself)
        try await dispatcher.fire(asAnimal)
        try dispatcher.fireSynchronously(asAnimal)
        #expect(journal.entries == ["frog", "animal", "animal"])
    }
}
