/// An object that equals another one.
final class Token: Hashable, Sendable, CustomStringConvertible {
    private let name: String
    private let copy: Int

    private init(_ name: String, copy: Int) {
        self.name = name
        self.copy = copy
    }

    static let all = ["x", "y"].flatMap { name in (1...2).map { Token(name, copy: $0) } }

    static func == (left: Token, right: Token) -> Bool { left.name == right.name }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }

    var description: String { "\(name), copy \(copy)" }
}
