import EventDispatch

private func register(_ mailer: Mailer, _ screen: Screen, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Ping.self) {
            Handle("weak", weak: mailer) { mailer, event in mailer.note("\(event.count)") }
            Handle("weak, isolated", weak: mailer) { mailer, event in mailer.send("\(event.count)") }
            Handle("weak, isolated, asynchronous", weak: mailer) { mailer, event in
                await Task.yield()
                mailer.send("\(event.count)")
            }
            Handle("weak, main actor", weak: screen) { @MainActor screen, event in screen.show(event) }
            Handle("weak, awaits the main actor", weak: screen) { screen, event in await screen.show(event) }
            Handle("on", on: mailer) { mailer, event in mailer.send("\(event.count)") }
            Handle("on, asynchronous", on: mailer) { mailer, event in
                await Task.yield()
                mailer.send("\(event.count)")
            }
            Handle(weak: mailer) { mailer, _ in mailer.note("no name") }
            Handle(on: mailer) { mailer, _ in mailer.send("no name") }
        }
    }
}

extension Screen {
    func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
        try dispatcher.subscribe {
            On(Ping.self) {
                Handle("method", show)
                Handle("asynchronous method", showLater)
                Handle("captures") { @MainActor [weak self] event in self?.show(event) }
                Handle("weak") { @MainActor event in self.show(event) }
                Handle("weak, main actor", weak: self) { @MainActor screen, event in screen.show(event) }
                Handle("weak, awaits", weak: self) { screen, event in await screen.show(event) }
            }
        }
    }
}

extension Mailer {
    func register(on dispatcher: EventDispatcher) throws -> EventSubscription {
        try dispatcher.subscribe {
            On(Ping.self) {
                Handle("on", on: self) { mailer, _ in mailer.send("on") }
                Handle("weak", weak: self) { mailer, _ in mailer.send("weak") }
            }
        }
    }
}
