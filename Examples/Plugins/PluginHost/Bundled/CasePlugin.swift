import EventDispatch

/// Two commands, each under a name of its own.
public struct CasePlugin: Plugin {
    /// The name under which it is loaded.
    public let name = "case"

    /// Makes the plug-in.
    public init() {}

    /// Entries for the edit menu, and the commands behind them.
    public var handlers: [SubscriptionDeclaration] {
        On(MenuRequested.self) {
            Where(\.menu == .edit)
            Handle("case entries") { _ in
                [MenuEntry("Upper Case", runs: "text.upper"), MenuEntry("Lower Case", runs: "text.lower")]
            }
        }
        On(Command.self) {
            Rule {
                Where(\.name == "text.upper")
                Handle("upper case") { command in command.payload.edit { $0.uppercased() } }
            }
            Rule {
                Where(\.name == "text.lower")
                Handle("lower case") { command in command.payload.edit { $0.lowercased() } }
            }
        }
    }
}
