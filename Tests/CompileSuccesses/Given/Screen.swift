@MainActor final class Screen {
    private var shown = 0

    func show(_ event: Ping) { shown += 1 }
    func showLater(_ event: Ping) async { shown += 1 }
    nonisolated func log(_ event: Ping) {}
}
