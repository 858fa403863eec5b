import EventDispatch

private func register(_ mailer: Mailer, _ screen: Screen, on dispatcher: EventDispatcher) throws -> EventSubscription {
    try dispatcher.subscribe {
        On(Ping.self) {
            Handle { event in print(event.count) }
            Handle { print($0.count) }
            Handle { _ in }
            Handle("throws") { event in if event.count < 0 { throw CancellationError() } }
            Handle("several statements") { event in
                let doubled = event.count * 2
                print(doubled)
            }
            Handle("asynchronous") { event in await mailer.send("\(event.count)") }
            Handle("asynchronous, throws") { event in try await Task.sleep(for: .seconds(event.count)) }
            Handle("main actor") { @MainActor event in screen.show(event) }
            Handle("main actor, asynchronous") { @MainActor event in await screen.showLater(event) }
            Handle("awaits the main actor") { event in await screen.show(event) }
            Handle("concurrent") { @concurrent event in await mailer.send("\(event.count)") }
            Handle("captures") { [mailer] event in mailer.note("\(event.count)") }
            Handle("limited") { _ in }.limit(3).priority(1).named("named")
            Handle("limited by key") { _ in }.limit(3, per: \.count, capacity: 10)
            Handle("asynchronous, modified") { _ in await Task.yield() }.timeout(.seconds(1)).once()
        }
        On(Quote.self) {
            Handle { event in event.amount }
            Handle { event in
                await Task.yield()
                return event.amount
            }
            Handle { @MainActor event in event.amount }
            Handle { _ in throw CancellationError() }
            Handle(on: mailer) { mailer, _ in mailer.sent }
            Handle(weak: mailer) { mailer, _ in mailer.sent }
        }
    }
}
