import EventDispatch

/// One handler for many commands: the last token of the name says which format is meant.
public struct ExportPlugin: Plugin {
    /// The name under which it is loaded.
    public let name = "export"
    private let formats: [String: @Sendable (String) -> String]
    private let write: @Sendable (String) -> Void

    /// Makes the plug-in.
    ///
    /// - Parameters:
    ///   - formats: by their names, which become names of commands.
    ///   - write: takes what is exported.
    public init(formats: [String: @Sendable (String) -> String], write: @escaping @Sendable (String) -> Void) {
        self.formats = formats
        self.write = write
    }

    /// An entry of the file menu for each format, and one handler for all of them.
    public var handlers: [SubscriptionDeclaration] {
        On(MenuRequested.self) {
            Where(\.menu == .file)
            Handle("export entries") { _ in
                formats.keys.sorted().map { MenuEntry("Export as \($0)", runs: "export.\($0)") }
            }
        }
        On(Command.self) {
            Where(\.name, matches: "export.*")
            Handle("export") { command in
                let format = String(command.name.dropFirst("export.".count))
                guard let convert = formats[format] else { throw FormatUnknown(format: format) }
                write(convert(command.payload.text))
            }
        }
    }
}
