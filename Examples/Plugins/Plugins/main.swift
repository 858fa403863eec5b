import PluginHost

let host = try Host { line in print("  \(line)") }

print("Loading plug-ins:")
try await host.load(CasePlugin())
try await host.load(
    ExportPlugin(formats: ["html": { "<p>\($0)</p>" }, "text": { $0 }]) { text in print("  exported: \(text)") }
)
try await host.load(HistoryPlugin())
try await host.load(MacroPlugin(script: "twice = text.upper text.lower"))

for menu in Menu.allCases {
    print("\nThe \(menu.rawValue) menu:")
    for entry in try await host.entries(of: menu) {
        print("  \(entry.title)  (\(entry.command))")
    }
}

let document = Document("Hello, plug-ins")
for command in ["text.upper", "export.html", "edit.undo", "macro.twice", "edit.undo", "export.pdf", "text.rot13"] {
    print("\n\(command):")
    let result = try await host.run(command, on: document)
    print("  \(result): \(document.text)")
}

host.unload("case")
print("\nThe edit menu without the plug-in for upper and lower case:")
for entry in try await host.entries(of: .edit) { print("  \(entry.title)") }
