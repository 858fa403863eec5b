/// The tables as they are at one moment.
public struct OrderTables: Equatable, Sendable {
    /// A row of `orders`.
    public struct Order: Equatable, Sendable {
        /// The order's number.
        public let number: Int
        /// Who ordered.
        public let customer: String
        /// The place of its event in the store.
        public let sequence: Int64

        /// Makes a row.
        public init(number: Int, customer: String, sequence: Int64) {
            self.number = number
            self.customer = customer
            self.sequence = sequence
        }
    }

    /// A row that says what was done with an order.
    public struct Entry: Equatable, Sendable {
        /// The order's number.
        public let number: Int
        /// Who ordered.
        public let customer: String

        /// Makes a row.
        public init(number: Int, customer: String) {
            self.number = number
            self.customer = customer
        }
    }

    /// The orders, by number.
    public var orders: [Order]
    /// The invoices, in the order in which they were written.
    public var invoices: [Entry]
    /// The parcels, in the order in which they were sent.
    public var parcels: [Entry]
    /// The mails that were sent, in their order.
    public var mails: [Entry]

    /// Makes tables.
    public init(orders: [Order], invoices: [Entry] = [], parcels: [Entry] = [], mails: [Entry] = []) {
        self.orders = orders
        self.invoices = invoices
        self.parcels = parcels
        self.mails = mails
    }
}

/// What the store says about the events of a subscription.
public struct Settled: Equatable, Sendable {
    /// The sequence up to which all events are done.
    public var position: Int64
    /// The later events that are done.
    public var done: Set<Int64>
    /// Dead letters that are delivered again.
    public var returned: Set<Int64>
    /// The events that are dead letters.
    public var dead: Set<Int64>

    /// Makes one.
    public init(position: Int64, done: Set<Int64> = [], returned: Set<Int64> = [], dead: Set<Int64> = []) {
        self.position = position
        self.done = done
        self.returned = returned
        self.dead = dead
    }

    fileprivate func isDone(_ sequence: Int64) -> Bool {
        !returned.contains(sequence) && (sequence <= position || done.contains(sequence))
    }
}

/// Proves from the tables that every order was handled.
public struct OrderCheck: Equatable, Sendable {
    /// A line for each table.
    public private(set) var lines: [String] = []
    /// What isn't as it should be, a line each.
    public private(set) var faults: [String] = []
    /// Whether orders wait that weren't delivered yet.
    public private(set) var isUnfinished = false

    /// Checks tables.
    ///
    /// - Parameters:
    ///   - tables: the tables, as they were after the store was asked.
    ///   - settled: what the store says of each subscription, by name.
    public init(_ tables: OrderTables, _ settled: [String: Settled]) {
        checkNumbers(tables.orders)
        check("billing", "billed", tables.orders, tables.invoices, settled, inOrder: true)
        check("shipping", "shipped", tables.orders, tables.parcels, settled)
        check("mail", "mailed", tables.orders, tables.mails, settled)
    }

    private mutating func checkNumbers(_ orders: [OrderTables.Order]) {
        let isGapless = orders.enumerated().allSatisfy { $0 + 1 == $1.number }
        lines.append("orders: \(orders.count)\(isGapless && !orders.isEmpty ? ", numbered without a gap" : "")")
        if !isGapless { faults.append("orders: the numbers have a gap") }
    }

    private mutating func check(
        _ name: String,
        _ done: String,
        _ orders: [OrderTables.Order],
        _ entries: [OrderTables.Entry],
        _ settled: [String: Settled],
        inOrder: Bool = false
    ) {
        // Nothing is done where the subscription was never opened.
        let settled = settled[name] ?? Settled(position: 0)
        let first = Dictionary(entries.enumerated().map { ($1.number, $0) }) { first, _ in first }
        let counts = entries.reduce(into: [Int: Int]()) { $0[$1.number, default: 0] += 1 }
        var (waiting, dead, outOfOrder) = (0, 0, 0)
        var lastOfCustomer: [String: (place: Int, number: Int)] = [:]
        for order in orders {
            guard let place = first[order.number] else {
                if settled.dead.contains(order.sequence) {
                    dead += 1
                } else if settled.isDone(order.sequence) {
                    faults.append("\(name): order \(order.number) was never \(done), and its delivery is done")
                } else {
                    waiting += 1
                }
                continue
            }
            if entries[place].customer != order.customer {
                faults.append("\(name): order \(order.number) was \(done) for another customer")
            }
            // What was a dead letter comes late by right.
            guard inOrder, !settled.dead.contains(order.sequence) else { continue }
            if let last = lastOfCustomer[order.customer], last.place > place {
                let detail = "order \(order.number) of \(order.customer) was \(done) before \(last.number)"
                faults.append("\(name): out of order: \(detail)")
                outOfOrder += 1
            }
            lastOfCustomer[order.customer] = (place, order.number)
        }
        let numbers = Set(orders.map(\.number))
        for number in first.keys.sorted() where !numbers.contains(number) {
            faults.append("\(name): \(done) without an order: \(number)")
        }
        let repeated = counts.values.count { $0 > 1 }
        var line = "\(name): \(counts.count) \(done), \(repeated) of them more than once"
        if inOrder, outOfOrder == 0 { line += ", in order for each customer" }
        if dead > 0 { line += ", dead letters: \(dead)" }
        if waiting > 0 { line += ", \(waiting) still to come" }
        isUnfinished = isUnfinished || waiting > 0
        lines.append(line)
    }

    /// What the check found, in a few lines.
    public var report: [String] {
        if !faults.isEmpty { return lines + faults.prefix(20).map { "FAULT \($0)" } + ["faults: \(faults.count)"] }
        return lines + [isUnfinished ? "no faults; not everything has been delivered" : "no faults"]
    }
}
