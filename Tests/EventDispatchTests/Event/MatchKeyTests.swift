import EventDispatch
import PluginEvents
import Testing

@Suite(.timeLimit(.minutes(10))) struct MatchKeyTests {
    @Test func `a stored key is named after its property`() {
        #expect(Delivery.MatchKeys().city.name == "city")
        #expect(Delivery.MatchKeys().parcels.name == "parcels")
    }

    @Test func `a computed key is named after its property`() {
        #expect(Delivery.MatchKeys().isLarge.name == "isLarge")
    }

    @Test func `a key can be given a name`() {
        #expect(Delivery.MatchKeys().note.name == "delivery-note")
    }

    @Test func `a key set under another name names its keys`() {
        struct Ping: MatchableEvent {
            let host: String
            let hops: Int
            struct Fields: MatchKeySet {
                let host: Key<String>
                let hops = Key(\.hops)
                init() { host = Key(\.host) }
            }
            typealias MatchKeys = Fields
        }
        #expect(Ping.MatchKeys().host.name == "host")
        #expect(Ping.MatchKeys().hops.name == "hops")
    }

    @Test func `a generic key set names its keys`() {
        #expect(Tick.MatchKeys().count.name == "count")
    }

    @Test func `a key reaches through properties`() {
        let filter: Filter<Delivery> = \.city == "Oslo"
        #expect(filter.matches(Delivery(city: "Oslo")))
        #expect(!filter.matches(Delivery(city: "Bergen")))
    }

    @Test func `a key reads a computed property`() {
        let filter: Filter<Delivery> = \.isLarge == true
        #expect(filter.matches(Delivery(parcels: 11)))
        #expect(!filter.matches(Delivery(parcels: 10)))
    }

    @Test func `a key reads an observed property`() {
        let filter: Filter<Delivery> = \.weight > 2
        #expect(filter.matches(Delivery(weight: 2.5)))
        #expect(!filter.matches(Delivery(weight: 2)))
    }

    @Test func `a key reads an optional property`() {
        let filter: Filter<Delivery> = \.note == "fragile"
        #expect(filter.matches(Delivery(note: "fragile")))
        #expect(!filter.matches(Delivery(note: nil)))
    }

    @Test func `a key reaches through an optional and an object`() {
        let street: Filter<Delivery> = \.returnStreet == "Storgata"
        #expect(street.matches(Delivery(returnAddress: Address(city: "Oslo", street: "Storgata"))))
        #expect(!street.matches(Delivery(returnAddress: nil)))
        let carrier: Filter<Delivery> = \.carrier == "Bring"
        #expect(carrier.matches(Delivery(carrier: Carrier("Bring"))))
        #expect(!carrier.matches(Delivery(carrier: Carrier("Posten"))))
    }

    @Test func `every stored property of a large event is read at its place`() {
        struct Wide: MatchableEvent {
            var flag = true
            var byte: UInt8 = 2
            var text = "three, long enough to live on the heap"
            var number = 4
            var list = [5, 6]
            struct MatchKeys: MatchKeySet {
                let flag = Key(\.flag)
                let byte = Key(\.byte)
                let text = Key(\.text)
                let number = Key(\.number)
                let list = Key(\.list)
            }
        }
        let all: Filter<Wide> =
            \.flag == true && \.byte == 2 && \.text == "three, long enough to live on the heap" && \.number == 4
        #expect(all.matches(Wide()))
        #expect(Filter<Wide>(\.list, contains: 6).matches(Wide()))
        #expect(!Filter<Wide>(\.list, contains: 7).matches(Wide()))
        #expect(!all.matches(Wide(number: 5)))
    }

    @Test func `another module adds a key`() throws {
        let dispatcher = EventDispatcher()
        let journal = Journal()
        let subscription = try dispatcher.on(OrderPlaced.self, where: \.isBulk == true && \.customer == "acme") {
            event in
            journal.note("\(event.total)")
        }
        try dispatcher.fireSynchronously(OrderPlaced(customer: "acme", total: 99))
        try dispatcher.fireSynchronously(OrderPlaced(customer: "acme", total: 100))
        #expect(journal.entries == ["100"])
        #expect(dispatcher.handlers.map(\.filter) == [#"\.isBulk == true && \.customer == "acme""#])
        subscription.cancel()
    }
}

extension OrderPlaced.MatchKeys {
    var isBulk: OrderPlaced.Key<Bool> { .init(\.isBulk) }
}

extension OrderPlaced {
    var isBulk: Bool { total >= 100 }
}

private struct TickKeys<Unit>: MatchKeySet {
    let count = MatchKey<Tick, Int>(\.count)
}

private struct Tick: MatchableEvent {
    let count: Int
    typealias MatchKeys = TickKeys<Int>
}

private struct Address: Sendable {
    var city: String
    var street: String
}

private final class Carrier: Sendable {
    let name: String
    init(_ name: String) { self.name = name }
}

private struct Delivery: MatchableEvent {
    var address: Address
    var returnAddress: Address?
    var parcels: Int
    var note: String?
    var carrier: Carrier
    var weight: Double {
        didSet { precondition(weight >= 0) }
    }

    init(
        city: String = "Oslo",
        returnAddress: Address? = nil,
        parcels: Int = 1,
        note: String? = nil,
        carrier: Carrier = Carrier("Bring"),
        weight: Double = 1
    ) {
        address = Address(city: city, street: "Karl Johans gate")
        self.returnAddress = returnAddress
        self.parcels = parcels
        self.note = note
        self.carrier = carrier
        self.weight = weight
    }

    struct MatchKeys: MatchKeySet {
        let city = Key(\.address.city)
        let returnStreet = Key(\.returnAddress?.street)
        let parcels = Key(\.parcels)
        let note = Key(\.note, name: "delivery-note")
        let carrier = Key(\.carrier.name)
        let weight = Key(\.weight)
        var isLarge: Key<Bool> { Key(\.isLarge) }
    }

    var isLarge: Bool { parcels > 10 }
}
