import OrderService
import Testing

@Suite(.timeLimit(.minutes(10))) struct OrderCheckTests {
    /// Four orders of two customers, all done.
    private let sound: OrderTables = {
        let customers = ["a", "b", "a", "b"]
        let entries = customers.enumerated().map { OrderTables.Entry(number: $0 + 1, customer: $1) }
        let orders = customers.enumerated().map {
            OrderTables.Order(number: $0 + 1, customer: $1, sequence: Int64($0 + 1))
        }
        return OrderTables(orders: orders, invoices: entries, parcels: entries, mails: entries)
    }()

    private let allDone = ["billing", "shipping", "mail"].map { ($0, Settled(position: 4)) }

    private func check(_ settled: [String: Settled] = [:], _ change: (inout OrderTables) -> Void) -> OrderCheck {
        var tables = sound
        change(&tables)
        return OrderCheck(tables, Dictionary(uniqueKeysWithValues: allDone).merging(settled) { $1 })
    }

    @Test func `sound tables have no faults`() {
        let check = check { _ in }
        #expect(
            check.report == [
                "orders: 4, numbered without a gap",
                "billing: 4 billed, 0 of them more than once, in order for each customer",
                "shipping: 4 shipped, 0 of them more than once",
                "mail: 4 mailed, 0 of them more than once",
                "no faults",
            ]
        )
    }

    @Test func `customers may be billed in any order among each other`() {
        #expect(check { $0.invoices = [1, 0, 3, 2].map { sound.invoices[$0] } }.faults == [])
    }

    @Test func `a missing invoice is found`() {
        let check = check { $0.invoices.remove(at: 2) }
        #expect(check.faults == ["billing: order 3 was never billed, and its delivery is done"])
    }

    @Test func `an invoice out of order is found`() {
        let check = check { $0.invoices.swapAt(0, 2) }
        #expect(check.faults == ["billing: out of order: order 3 of a was billed before 1"])
        #expect(check.lines[1] == "billing: 4 billed, 0 of them more than once")
    }

    @Test func `a doubled invoice is counted, and only the first has to be in order`() {
        let check = check { $0.invoices.append($0.invoices[0]) }
        #expect(check.faults == [])
        #expect(check.lines[1] == "billing: 4 billed, 1 of them more than once, in order for each customer")
    }

    @Test func `an invoice without an order or for another customer is found`() {
        let check = check {
            $0.invoices[1] = OrderTables.Entry(number: 2, customer: "z")
            $0.invoices.append(OrderTables.Entry(number: 9, customer: "a"))
        }
        #expect(
            check.faults == [
                "billing: order 2 was billed for another customer", "billing: billed without an order: 9",
            ]
        )
    }

    @Test func `a gap between the numbers of orders is found`() {
        let check = check { $0.orders[3] = .init(number: 5, customer: "b", sequence: 4) }
        #expect(check.faults.first == "orders: the numbers have a gap")
    }

    @Test func `a mail may be a dead letter instead`() {
        let dead = check(["mail": Settled(position: 4, dead: [3])]) { $0.mails.remove(at: 2) }
        #expect(dead.faults == [] && dead.lines[3] == "mail: 3 mailed, 0 of them more than once, dead letters: 1")
        let lost = check { $0.mails.remove(at: 2) }
        #expect(lost.faults == ["mail: order 3 was never mailed, and its delivery is done"])
    }

    @Test func `what is still to be delivered is no fault`() {
        let check = check([
            "billing": Settled(position: 2), "shipping": Settled(position: 2, done: [4]),
            "mail": Settled(position: 4, returned: [1]),
        ]) {
            $0.invoices.removeLast(2)
            $0.parcels.removeLast(2)
            $0.mails.removeFirst()
        }
        #expect(check.faults == ["shipping: order 4 was never shipped, and its delivery is done"])
        #expect(check.isUnfinished && check.lines[3] == "mail: 3 mailed, 0 of them more than once, 1 still to come")
    }

    @Test func `nothing is settled where nothing was opened`() {
        let check = OrderCheck(OrderTables(orders: sound.orders), [:])
        #expect(check.faults == [] && check.isUnfinished)
    }
}
