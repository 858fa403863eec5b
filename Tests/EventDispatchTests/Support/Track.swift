import EventDispatch

/// An event with keys of all kinds of value that filters treat differently.
struct Track: MatchableEvent, CustomStringConvertible {
    enum Genre: Hashable, Sendable { case jazz, rock, remix(of: Int) }

    /// A class whose instances are told apart by identity only.
    final class Record: Sendable {
        static let one = Record()
        static let other = Record()
    }

    /// A class whose instances are equal when their numbers are.
    final class Owner: Hashable, Sendable {
        let number: Int
        init(_ number: Int) { self.number = number }
        static func == (left: Owner, right: Owner) -> Bool { left.number == right.number }
        func hash(into hasher: inout Hasher) { hasher.combine(number) }
    }

    /// A value that describes itself.
    enum Mood: CustomStringConvertible {
        case calm
        var description: String { "calm mood" }
    }

    /// A value that is neither `Hashable` nor `Comparable`.
    struct Box: Sendable {}

    var title = "So What"
    var plays = 0
    var genre = Genre.rock
    var album: String?
    var tags: Set<String> = []
    var length = 1.0
    var record = Record.one
    var sleeve: Record?
    var account = Owner(0)
    var side: Int?? = 1
    var letter: Character = "a"
    var part: Substring = "a"
    var mood = Mood.calm
    var box: Box?

    struct MatchKeys: MatchKeySet {
        let title = Key(\.title)
        let plays = Key(\.plays)
        let genre = Key(\.genre)
        let album = Key(\.album)
        let tags = Key(\.tags)
        let length = Key(\.length)
        let record = Key(\.record)
        let sleeve = Key(\.sleeve)
        let account = Key(\.account)
        let side = Key(\.side)
        let letter = Key(\.letter)
        let part = Key(\.part)
        let mood = Key(\.mood)
        let box = Key(\.box)
    }

    var description: String { "\(title), \(plays), \(genre), \(album ?? "nil")" }
}
