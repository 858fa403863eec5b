/// A name for a sequence of commands.
struct Macro: Sendable {
    let name: String
    let steps: [String]

    /// Reads a line such as `shout = text.upper text.exclaim`; nil when it is none.
    init?(_ line: Substring) {
        let sides = line.split(separator: "=", maxSplits: 1)
        guard let name = sides.first?.split(separator: " ").first, sides.count == 2 else { return nil }
        self.name = String(name)
        steps = sides[1].split(separator: " ").map(String.init)
    }

    /// The name of the command that it becomes.
    var command: String { "macro.\(name)" }
}
