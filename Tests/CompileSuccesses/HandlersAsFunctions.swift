import EventDispatch

private func ignore(_ event: Ping) {}
private func ignoreLater(_ event: Ping) async { await Task.yield() }
private func ignoreOrThrow(_ event: Ping) throws { if event.count < 0 { throw CancellationError() } }
nonisolated func ignoreAnywhere(_ event: Ping) {}
@concurrent private func ignoreElsewhere(_ event: Ping) async { await Task.yield() }
@MainActor private func ignoreOnMain(_ event: Ping) {}
@MainActor private func ignoreOnMainLater(_ event: Ping) async { await Task.yield() }

private func register(_ mailer: Mailer, _ screen: Screen, on dispatcher: EventDispatcher) throws -> EventSubscription {
    let closure: @Sendable (Ping) -> Void = { event in print(event.count) }
    let asynchronous: @Sendable (Ping) async throws -> Void = { _ in try await Task.sleep(for: .zero) }
    let onMain: @MainActor @Sendable (Ping) -> Void = { event in screen.show(event) }
    return try dispatcher.subscribe {
        On(Ping.self) {
            Handle("function", ignore)
            Handle("asynchronous function", ignoreLater)
            Handle("throwing function", ignoreOrThrow)
            Handle("nonisolated function", ignoreAnywhere)
            Handle("concurrent function", ignoreElsewhere)
            Handle("main-actor function", ignoreOnMain)
            Handle("asynchronous main-actor function", ignoreOnMainLater)
            Handle("closure", closure)
            Handle("asynchronous closure", asynchronous)
            Handle("main-actor closure", onMain)
            Handle("method", screen.show)
            Handle("asynchronous method", screen.showLater)
            Handle("nonisolated method", screen.log)
            Handle(ignore)
            Handle(ignoreLater)
            Handle(ignoreOnMain)
            Handle(asynchronous)
            Handle(screen.show)
            Handle(screen.showLater)
        }
    }
}
