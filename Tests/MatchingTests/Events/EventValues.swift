/// An enumeration without payload.
enum Colour: Hashable, Sendable, CaseIterable { case red, green, blue, grey }

/// An enumeration with payload.
enum Shape: Hashable, Sendable {
    case dot
    case circle(radius: Int)
    case label(String)
}

/// Sixteen bytes, as a UUID has.
struct Identifier: Hashable, Sendable {
    let high: UInt64
    let low: UInt64
}

/// Values that all have the same hash, and that are equal when their numbers are, whatever their notes.
struct Crowded: Hashable, Comparable, Sendable {
    let number: Int
    let note: String

    static func == (left: Self, right: Self) -> Bool { left.number == right.number }
    static func < (left: Self, right: Self) -> Bool { left.number < right.number }
    func hash(into hasher: inout Hasher) { hasher.combine(0) }
}

/// Values that have an order, and no hash.
struct Version: Comparable, Sendable {
    let major: Int
    let minor: Int

    static func < (left: Self, right: Self) -> Bool { (left.major, left.minor) < (right.major, right.minor) }
}

/// Values in a partial order: one is less than another when it is so in both respects.
struct Plot: Comparable, Sendable {
    let x: Int
    let y: Int

    static func < (left: Self, right: Self) -> Bool { left.x < right.x && left.y < right.y }
}

/// An object that can be equal to another without being it.
final class Token: Hashable, Sendable, CustomStringConvertible {
    let name: String
    let copy: Int

    init(_ name: String, copy: Int) {
        self.name = name
        self.copy = copy
    }

    static func == (left: Token, right: Token) -> Bool { left.name == right.name }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }
    var description: String { "Token(\(name), copy \(copy))" }

    static let all = ["a", "b", "c"].flatMap { name in (1...2).map { Token(name, copy: $0) } }
}

/// Reached through an optional.
struct Box: Hashable, Sendable {
    let weight: Int
}

/// Reached through a reference.
final class Carrier: Sendable, CustomStringConvertible {
    let name: String

    init(_ name: String) { self.name = name }

    var description: String { "Carrier(\(name.debugDescription))" }
}
