import EventDispatch
import ProgramSupport

extension Worker {
    /// Does one thing, which may suspend.
    mutating func stepInTask() async {
        switch random.next(below: 10_000) {
        case ..<2_000: await fireAwaited()
        case ..<2_400: await fireNestedAwaited()
        case ..<2_450: await fireCancelled()
        case ..<2_600: await cancelAndWait()
        case ..<3_000: await postWaiting()
        case ..<3_005: await drain()
        case ..<3_006: await stop()
        case ..<3_100: await next()
        case ..<3_200: await sequence()
        case ..<3_400: await fireModified()
        default: step()
        }
    }

    private mutating func fireAwaited() async {
        let parcel = Parcel(number: random.next(below: 1_000))
        do { try await dispatcher.fire(parcel) } catch { return noteRefusal(error) }
        counts.note(.awaitedFire)
        standing.check(parcel)
    }

    private mutating func fireNestedAwaited() async {
        let content = tick()
        do {
            try await dispatcher.fire(Wrapped(content: content, isAwaited: true))
        } catch {
            return noteRefusal(error)
        }
        counts.note(.awaitedFire)
        counts.note(.nestedFire)
    }

    private mutating func fireModified() async {
        let gauge = Gauge(number: random.next(below: Gauge.numbers))
        do { try await dispatcher.fire(gauge) } catch { return noteRefusal(error) }
        counts.note(.modifiedFire)
        modified.note(gauge)
    }

    /// Fires, and cancels the firing task: its handlers run or do not.
    private mutating func fireCancelled() async {
        let task = Task { [dispatcher, number] in
            _ = try? await dispatcher.fireReporting(Parcel(number: number))
        }
        task.cancel()
        await task.value
        counts.note(.cancelledFire)
    }

    private mutating func cancelAndWait() async {
        guard let removed = removeOwn() else { return }
        await removed.subscription.cancelAndWait()
        findings.expect(!removed.probe.isRunning, "a handler runs after cancelAndWait")
        counts.note(.cancelAndWait)
    }

    private mutating func postWaiting() async {
        do throws(DispatchError) {
            try await dispatcher.post(tick(isPosted: true))
            counts.note(.post)
        } catch {
            noteRefusal(error, as: .postRefused)
        }
    }

    private mutating func drain() async {
        await dispatcher.drain()
        counts.note(.drain)
    }

    private mutating func stop() async {
        await dispatcher.stop()
        dispatcher.start()
        counts.note(.stop)
    }

    /// Waits for a tick of its own, which only this worker fires.
    private mutating func next() async {
        let tick = tick(number: ownNumber)
        do {
            let pending = try dispatcher.next(of: Tick.self, where: \.number == ownNumber)
            if fire(tick, reaching: certain) {
                findings.expect(try await pending.value.seen === tick.seen, "who waits for an event got another")
            }
        } catch {
            findings.note("next: \(error)")
        }
        counts.note(.next)
    }

    /// Takes a tick of its own from a sequence.
    private mutating func sequence() async {
        let tick = tick(number: ownNumber)
        do {
            var events = try dispatcher.events(of: Tick.self, where: \.number == ownNumber).makeAsyncIterator()
            if fire(tick, reaching: certain) {
                findings.expect(await events.next()?.seen === tick.seen, "a sequence gave another event")
            }
        } catch {
            findings.note("sequence: \(error)")
        }
        counts.note(.sequence)
    }

    private var ownNumber: Int { Tick.numbers + number }
}
