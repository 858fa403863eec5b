import EventDispatch
import PluginHost
import Testing

@Suite(.timeLimit(.minutes(10))) struct PluginHostTests {
    private let log = Lines()
    private let exported = Lines()
    private let host: Host
    private let document = Document("Text")

    init() throws {
        host = try Host { [log] line in log.add(line) }
    }

    private func commands(in menu: Menu) async throws -> [String] {
        try await host.entries(of: menu).map(\.command)
    }

    @Test func `entries come in the order of the plugins unless one has priority`() async throws {
        try await host.load(CasePlugin())
        try await host.load(HistoryPlugin())
        try await host.load(MacroPlugin(script: "shout = text.upper\nnonsense\nwhisper = text.lower"))
        #expect(
            try await commands(in: .edit) == [
                "edit.undo", "text.upper", "text.lower", "macro.shout", "macro.whisper",
            ]
        )
        #expect(try await commands(in: .file).isEmpty)
    }

    @Test func `a plugin that fails costs its own entries only`() async throws {
        try await host.load(BrokenPlugin())
        try await host.load(CasePlugin())
        #expect(try await commands(in: .edit) == ["text.upper", "text.lower"])
        #expect(log.all.last == "[host.plugin.failed] broken entries: Broken()")
        #expect(try await host.run("broken.run", on: document) == .failed)
        #expect(log.all.last == "[host.plugin.failed] broken command: Broken()")
    }

    @Test func `a command reaches the plugin that publishes it`() async throws {
        try await host.load(CasePlugin())
        #expect(try await host.run("text.upper", on: document) == .done)
        #expect(document.text == "TEXT")
    }

    @Test func `a command that nobody publishes is unknown even if somebody watches`() async throws {
        try await host.load(HistoryPlugin())
        #expect(try await host.run("text.rot13", on: document) == .unknown)
        #expect(log.all == ["[host.plugin.loaded] history", "[host.command.unknown] text.rot13"])
    }

    @Test func `one pattern takes the commands of all formats`() async throws {
        try await host.load(
            ExportPlugin(formats: ["html": { "<p>\($0)</p>" }, "text": { $0 }]) { [exported] in exported.add($0) }
        )
        #expect(try await commands(in: .file) == ["export.html", "export.text"])
        for entry in try await host.entries(of: .file) {
            #expect(try await host.run(entry.command, on: document) == .done)
        }
        #expect(exported.all == ["<p>Text</p>", "Text"])
        #expect(try await host.run("export.pdf", on: document) == .failed)
        #expect(log.all.last == "[host.plugin.failed] export: no format is called pdf")
    }

    @Test func `history remembers the commands of other plugins`() async throws {
        try await host.load(HistoryPlugin())
        try await host.load(CasePlugin())
        try await host.load(MacroPlugin(script: "both = text.upper text.lower"))
        #expect(try await host.run("macro.both", on: document) == .done)
        #expect(document.text == "text")
        #expect(try await host.run("edit.undo", on: document) == .done)
        #expect(document.text == "TEXT")
        #expect(try await host.run("edit.undo", on: document) == .done)
        #expect(document.text == "Text")
    }

    @Test func `a macro that runs itself fails`() async throws {
        try await host.load(MacroPlugin(script: "loop = macro.loop"))
        #expect(try await host.run("macro.loop", on: document) == .failed)
    }

    @Test func `loading under a name in use replaces`() async throws {
        try await host.load(MacroPlugin(script: "old = text.upper"))
        try await host.load(MacroPlugin(script: "new = text.upper"))
        #expect(try await commands(in: .edit) == ["macro.new"])
    }

    @Test func `an unloaded plugin is asked no more`() async throws {
        try await host.load(CasePlugin())
        #expect(host.unload("case"))
        #expect(!host.unload("case"))
        #expect(try await commands(in: .edit).isEmpty)
        #expect(try await host.run("text.upper", on: document) == .unknown)
    }

    @Test func `the log shows events of all types of the host`() async throws {
        try await host.load(CasePlugin())
        _ = try await host.entries(of: .edit)
        _ = try await host.run("text.upper", on: document)
        #expect(log.all == ["[host.plugin.loaded] case", "[host.menu.requested] edit"])
    }
}
