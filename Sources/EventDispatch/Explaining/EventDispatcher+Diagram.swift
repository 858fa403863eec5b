/// A language in which ``EventDispatcher/diagram(_:)`` draws.
///
/// A structure rather than an enumeration, so that later versions can add languages.
public struct DiagramFormat: Hashable, Sendable {
    fileprivate let name: String

    /// A flowchart of Mermaid, which GitHub and GitLab draw inside Markdown.
    public static let mermaid = DiagramFormat(name: "mermaid")
}

extension EventDispatcher {
    /// A diagram of who listens to what: each event leads to its phases, in their order, and each phase to its handlers, in the order in
    /// which they start.
    ///
    /// ```swift
    /// print(dispatcher.diagram(.mermaid))
    /// ```
    ///
    /// It has what the table of ``description`` has. Names and filters are escaped, so that none can end its label.
    ///
    /// - Parameter format: the language.
    /// - Returns: the source of the diagram.
    public func diagram(_ format: DiagramFormat) -> String {
        var lines = ["flowchart LR"]
        for (number, listing) in registry.eventListings.enumerated() {
            lines.append("  e\(number)[\"\(mermaid(listing.event))\"]")
            for (place, phase) in listing.phases.enumerated() {
                let node = "e\(number)p\(place)"
                let before = place == 0 ? "e\(number)" : "e\(number)p\(place - 1)"
                lines.append("  \(before) --> \(node)([\"\(mermaid(phase.name))\"])")
                for (index, entry) in phase.handlers.enumerated() {
                    let text = entry.handler.listed + (entry.isMuted ? ", muted" : "")
                    lines.append("  \(node) --> \(node)h\(index)[\"\(mermaid(text))\"]")
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Text for a label in quotes. Mermaid writes a character as `#` with its number, and reads labels as Markdown and as HTML.
    private func mermaid(_ text: String) -> String {
        escapingControlCharacters(text).unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\"", "#", "<", ">", "&", "`", "*", "_", "~", "\\", ";": result += "#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
