import EventDispatch

private func ignore(_ event: Ping) {}
@MainActor private func ignoreOnMain(_ event: Ping) {}

private func register(_ mailer: Mailer, _ screen: Screen, on dispatcher: EventDispatcher) throws -> [EventSubscription]
{
    [
        try dispatcher.on(Ping.self) { event in print(event.count) },
        try dispatcher.on(Ping.self) { event in await mailer.send("\(event.count)") },
        try dispatcher.on(Ping.self) { @MainActor event in screen.show(event) },
        try dispatcher.on(Ping.self, where: \.count == 0) { _ in },
        try dispatcher.on(Ping.self, where: \.count == 0, during: .after) { _ in },
        try dispatcher.on(Ping.self, where: Filter(\.count, in: 0..<3)) { _ in },
        try dispatcher.on(Ping.self, weak: mailer) { mailer, _ in mailer.note("weak") },
        try dispatcher.on(Ping.self, weak: mailer) { mailer, _ in mailer.send("weak") },
        try dispatcher.on(Ping.self, where: \.count == 0, weak: mailer) { mailer, _ in
            await Task.yield()
            mailer.send("weak")
        },
        try dispatcher.on(Ping.self, weak: screen) { @MainActor screen, event in screen.show(event) },
        try dispatcher.on(Ping.self, on: mailer) { mailer, _ in mailer.send("on") },
        try dispatcher.on(Ping.self, on: mailer) { mailer, _ in
            await Task.yield()
            mailer.send("on")
        },
        try dispatcher.on(Ping.self, ignore),
        try dispatcher.on(Ping.self, ignoreOnMain),
        try dispatcher.on(Ping.self, screen.show),
        try dispatcher.on(Quote.self) { event in event.amount },
        try dispatcher.on(Ping.self, Handle("named") { event in print(event.count) }.once()),
        try dispatcher.on(Ping.self, Handle { @MainActor event in screen.show(event) }),
        try dispatcher.on(Ping.self, where: \.count == 0, during: .after, Handle(screen.showLater).priority(1)),
        try dispatcher.on(Ping.self, Handle("weak", weak: mailer) { mailer, _ in mailer.send("weak") }),
        try dispatcher.on(Ping.self, Handle(on: mailer) { mailer, _ in mailer.send("on") }.limit(2)),
    ]
}
