import EventDispatch

/// Commands that a script names: they exist only while the program runs, and run other commands by *their* names.
public struct MacroPlugin: Plugin {
    /// The name under which it is loaded.
    public let name = "macros"
    private let macros: [Macro]

    /// Makes the plug-in.
    ///
    /// - Parameter script: lines such as `shout = text.upper text.exclaim`. Others are left out.
    public init(script: String) { macros = script.split(separator: "\n").compactMap { Macro($0) } }

    /// A block for each macro: blocks are values, and a loop makes as many as there are.
    public var handlers: [SubscriptionDeclaration] {
        On(MenuRequested.self) {
            Where(\.menu == .edit)
            Handle("macro entries") { _ in macros.map { MenuEntry("Macro: \($0.name)", runs: $0.command) } }
        }
        for macro in macros {
            On(Command.self) {
                Where(\.name == macro.command)
                Handle(macro.command) { command in
                    guard let dispatcher = DispatchContext.current?.dispatcher else { return }
                    for step in macro.steps { try await dispatcher.fire(Command(step, command.payload)) }
                }
            }
        }
    }
}
