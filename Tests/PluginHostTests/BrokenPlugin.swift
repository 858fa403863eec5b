import EventDispatch
import PluginHost

/// Throws whatever it is asked.
struct BrokenPlugin: Plugin {
    struct Broken: Error {}

    let name = "broken"

    var handlers: [SubscriptionDeclaration] {
        On(MenuRequested.self) { Handle("broken entries") { _ in throw Broken() } }
        On(Command.self) {
            Where(\.name == "broken.run")
            Handle("broken command") { _ in throw Broken() }
        }
    }
}
