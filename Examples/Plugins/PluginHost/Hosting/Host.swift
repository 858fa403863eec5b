import EventDispatch

/// The application: loads plug-ins, asks them for menu entries, and runs the commands behind those.
public final class Host: Sendable {
    private let dispatcher = EventDispatcher(name: "host")

    /// Makes a host.
    ///
    /// - Parameter log: takes a line for every event of the host itself.
    public init(log: @escaping @Sendable (String) -> Void = { _ in }) throws {
        _ = try dispatcher.register(HostLog(write: log), id: "log")
    }

    /// Loads a plug-in, in place of the one that has its name.
    public func load(_ plugin: some Plugin) async throws {
        _ = try dispatcher.register(plugin, id: Self.id(plugin.name))
        try await dispatcher.fire(PluginLoaded(plugin.name))
    }

    /// Unloads a plug-in. None of its handlers starts any more.
    ///
    /// - Returns: whether it was loaded.
    @discardableResult
    public func unload(_ name: String) -> Bool { dispatcher.cancel(id: Self.id(name)) }

    /// What plug-ins reply for a menu, in their order. One that fails costs its own entries only.
    public func entries(of menu: Menu) async throws -> [MenuEntry] {
        let report = try await dispatcher.fireReporting(MenuRequested(menu))
        try await tellFailures(of: report)
        return report.replies.flatMap { $0 }
    }

    /// Runs the command of a name.
    ///
    /// Handlers of other phases remember or watch. Only one of the `during` phase carries a command out.
    public func run(_ name: String, on document: Document) async throws -> CommandResult {
        let report = try await dispatcher.fireReporting(Command(name, document), detail: .all)
        try await tellFailures(of: report)
        if report.outcomes.contains(where: { $0.error != nil }) { return .failed }
        if report.outcomes.contains(where: { $0.phase == "during" }) { return .done }
        try await dispatcher.fire(CommandUnknown(name))
        return .unknown
    }

    private func tellFailures(of report: some AnyDispatchReport) async throws {
        for outcome in report.outcomes {
            guard let error = outcome.error else { continue }
            try await dispatcher.fire(PluginFailed(handler: outcome.handler.name, reason: "\(error)"))
        }
    }

    private static func id(_ plugin: String) -> String { "plugin.\(plugin)" }
}
