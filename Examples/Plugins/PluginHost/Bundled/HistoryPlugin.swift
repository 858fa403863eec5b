import EventDispatch
import Synchronization

/// Remembers what a text was before any command changes it, whichever plug-in's command that is.
public final class HistoryPlugin: Plugin {
    /// The name under which it is loaded.
    public let name = "history"
    private let past = Mutex<[String]>([])

    /// Makes the plug-in.
    public init() {}

    /// Its entry stands first in the edit menu.
    public var handlers: [SubscriptionDeclaration] {
        On(MenuRequested.self) {
            Where(\.menu == .edit)
            Handle("undo entry") { _ in [MenuEntry("Undo", runs: "edit.undo")] }.priority(1)
        }
        On(Command.self) {
            Phase(.before) {
                Where(\.name, matches: "text.**")
                Handle("remember", remember)
            }
            Rule {
                Where(\.name == "edit.undo")
                Handle("undo", undo)
            }
        }
    }

    private func remember(_ command: Command) { past.withLock { $0.append(command.payload.text) } }

    private func undo(_ command: Command) {
        guard let text = past.withLock({ $0.popLast() }) else { return }
        command.payload.edit { _ in text }
    }
}
