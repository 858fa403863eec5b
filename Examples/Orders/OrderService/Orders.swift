import EventDispatch
import EventDispatchStore
import Foundation

/// An order stands in the table.
public struct OrderPlaced: StorableEvent, Equatable {
    /// The name under which it is stored.
    public static let storedName = "shop.order.placed"

    /// The order's number, counted from 1.
    public let number: Int
    /// Who ordered.
    public let customer: String
    /// What it costs, in cents.
    public let total: Int

    /// Makes an event.
    public init(number: Int, customer: String, total: Int) {
        self.number = number
        self.customer = customer
        self.total = total
    }

    /// What subscriptions can match.
    public struct MatchKeys: MatchKeySet {
        /// Who ordered.
        public let customer = Key(\.customer)
        /// What it costs, in cents.
        public let total = Key(\.total)

        /// Makes the keys.
        public init() {}
    }
}

/// An order that isn't in the table yet: a line of standard input, or a generated one.
public struct NewOrder: Decodable, Equatable, Sendable {
    /// Who orders.
    public let customer: String
    /// What it costs, in cents.
    public let total: Int
    /// The sender's own name for the order; an order of a name is taken once.
    public let reference: String?

    /// Makes an order.
    public init(customer: String, total: Int, reference: String? = nil) {
        self.customer = customer
        self.total = total
        self.reference = reference
    }

    /// Reads a line: `{"customer": "c7", "total": 1250, "reference": "web-17"}`. The reference may be left out.
    ///
    /// - Throws: ``OrdersFailure``.
    public init(line: String) throws(OrdersFailure) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(line.utf8))
        } catch {
            throw OrdersFailure(#"isn't an order, such as {"customer": "c7", "total": 1250}: "# + line.prefix(80))
        }
        if customer.isEmpty { throw OrdersFailure("the customer has no name") }
        if total < 0 { throw OrdersFailure("the total is \(total); the least is 0") }
    }

    /// The generated order of a number: always the same.
    public static func generated(_ number: Int) -> NewOrder {
        let bits = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        return NewOrder(customer: "c\((bits >> 40) % 100)", total: Int((bits >> 20) % 50_000) + 100)
    }
}

/// A mail server that isn't always there.
public enum MailServer {
    /// How often the server refuses the mail of an order before it takes it.
    public static func refusals(of number: Int) -> Int {
        if number % 100 == 0 { return 4 }
        if number % 50 == 25 { return 2 }
        return number % 10 == 5 ? 1 : 0
    }

    /// Why the server refuses a mail; nil when it takes it.
    ///
    /// - Parameters:
    ///   - number: the order's number.
    ///   - earlier: how often it has refused the order's mail before.
    public static func refusal(of number: Int, earlier: Int) -> MailRefused? {
        earlier < refusals(of: number) ? MailRefused(number: number, refusals: earlier + 1) : nil
    }
}

/// The mail server has refused a mail.
public struct MailRefused: Error, Equatable, CustomStringConvertible {
    /// The order's number.
    public let number: Int
    /// How often it has refused it with this.
    public let refusals: Int

    /// Order and count, in words.
    public var description: String { "the mail server refused order \(number), \(refusals) times so far" }
}
