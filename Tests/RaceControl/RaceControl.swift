/// Races on purpose, to show that the thread sanitizer would report one.
///
/// `counter` is the start limit's counter without its lock, `table` the reading of a table without its pin. Both go through the
/// locks, atomics and epochs of the library. With `guarded` behind it a piece has what it lacks, and nothing must be reported.
@main
struct RaceControl {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let isGuarded = arguments.dropFirst().elementsEqual(["guarded"])
        switch arguments.first {
        case "counter": CounterPiece(isGuarded: isGuarded).run()
        case "table": TablePiece(isGuarded: isGuarded).run()
        default: fatalError("usage: RaceControl counter|table [guarded]")
        }
    }
}
