import EventDispatch

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The page of a trace: the file `Page/trace.html`, with the data in it.
///
/// Nothing but the script and the style of the page has a say in a browser: its policy names them by a number that is drawn for each page.
/// The data are JSON in an element that isn't run.
struct TracePage {
    let bytes: [UInt8]

    private static let nonce = "{{nonce}}"
    private static let data = "{{data}}"

    init(_ snapshot: TraceSnapshot) {
        var random = SystemRandomNumberGenerator()
        let nonce = String(random.next(), radix: 36) + String(random.next(), radix: 36)
        // The number stands in the page before the data, which could have the words that stand for it.
        let page = String(decoding: PackageResources.trace_html, as: UTF8.self).replacing(Self.nonce, with: nonce)
        guard let place = page.firstRange(of: Self.data) else { preconditionFailure("the page has a place for data") }
        bytes =
            Array(page[..<place.lowerBound].utf8) + TraceData(snapshot).bytes + Array(page[place.upperBound...].utf8)
    }
}

/// The data of a page. Rows are arrays, and texts stand once; `Page/trace.html` says what is where.
struct TraceData {
    private(set) var bytes: [UInt8] = []

    private var texts: [String] = []
    private var places: [String: Int] = [:]

    private struct HandlerKey: Hashable {
        let dispatcher: String
        let registration: UInt64
        let label: HandlerLabel
        let phase: String
    }

    private var handlers: [HandlerKey] = []
    private var handlerPlaces: [HandlerKey: Int] = [:]
    private let base: UInt64

    init(_ snapshot: TraceSnapshot) {
        base = snapshot.base
        var json = JSONText()
        json.object { json in
            json.key("version")
            json.value(1)
            json.key("recorded")
            json.value(snapshot.origin.addingTimeInterval(Double(base) / 1e9).ISO8601Format())
            json.key("length")
            json.value(since(snapshot.time))
            json.key("lost")
            json.value(snapshot.lost)
            json.key("missed")
            json.value(snapshot.givenUp)
            json.key("fires")
            json.array { json in for fire in snapshot.fires { write(fire, to: &json) } }
            json.key("drops")
            json.array { json in for drop in snapshot.drops { write(drop, to: &json) } }
            json.key("listeners")
            json.array { json in for listing in snapshot.listings { write(listing, to: &json) } }
            json.key("handlers")
            json.array { json in for handler in handlers { write(handler, to: &json) } }
            json.key("texts")
            json.array { json in for text in texts { json.value(text) } }
        }
        bytes = json.bytes
    }

    private func since(_ time: UInt64) -> Int64 { Int64(clamping: time < base ? 0 : time - base) }

    private func since(_ time: UInt64?) -> Int64 { time.map(since) ?? -1 }

    private mutating func place(of text: String) -> Int {
        if let place = places[text] { return place }
        places[text] = texts.count
        texts.append(text)
        return texts.count - 1
    }

    /// The place of a text in the list; -1 for none.
    private mutating func place(of text: String?) -> Int {
        guard let text, !text.isEmpty else { return -1 }
        return place(of: text)
    }

    private mutating func place(of handler: HandlerKey) -> Int {
        if let place = handlerPlaces[handler] { return place }
        handlerPlaces[handler] = handlers.count
        handlers.append(handler)
        return handlers.count - 1
    }

    private mutating func write(_ fire: TraceSnapshot.Fire, to json: inout JSONText) {
        let flags = (fire.isDetached ? 1 : 0) | (fire.isPosted ? 2 : 0) | (fire.isUnhandled ? 4 : 0)
        json.array { json in
            json.value(fire.id)
            json.value(fire.parent ?? 0)
            json.value(fire.firedBy)
            json.value(place(of: fire.event))
            json.value(place(of: fire.dispatcher))
            json.value(flags)
            json.value(since(fire.start))
            json.value(since(fire.end))
            json.value(fire.thread)
            json.value(place(of: fire.task == 0 ? nil : "0x" + String(fire.task, radix: 16)))
            json.value(place(of: fire.description))
            json.array { json in for run in fire.runs { write(run, of: fire, to: &json) } }
            if let delivery = fire.delivery {
                json.array { json in
                    json.value(place(of: traced(delivery.subscription, atMost: 200)))
                    json.value(place(of: traced(delivery.store, atMost: 200)))
                    json.value(delivery.sequence)
                    json.value(delivery.attempt)
                    json.value(place(of: delivery.trace.map { traced($0, atMost: 200) }))
                }
            }
        }
    }

    private mutating func write(_ run: TraceSnapshot.Run, of fire: TraceSnapshot.Fire, to json: inout JSONText) {
        let key = HandlerKey(
            dispatcher: fire.dispatcher,
            registration: run.handler,
            label: run.label,
            phase: run.phase
        )
        json.array { json in
            json.value(place(of: key))
            json.value(since(run.start))
            json.value(since(run.end))
            json.value(run.result.rawValue)
            json.value(run.attempts)
            json.value(place(of: run.text))
            json.value(run.thread)
            guard run.lateEnd != nil || !run.failedAttempts.isEmpty else { return }
            json.value(since(run.lateEnd))
            json.array { json in
                for attempt in run.failedAttempts {
                    json.value(since(attempt.time))
                    json.value(place(of: attempt.text))
                }
            }
        }
    }

    private mutating func write(_ drop: TraceSnapshot.Drop, to json: inout JSONText) {
        json.array { json in
            json.value(place(of: drop.event))
            json.value(place(of: drop.reason))
            json.value(since(drop.time))
        }
    }

    private mutating func write(_ handler: HandlerKey, to json: inout JSONText) {
        json.array { json in
            json.value(handler.registration)
            json.value(place(of: traced(handler.label.name, atMost: 200)))
            json.value(place(of: handler.label.location.description))
            json.value(place(of: traced(handler.phase, atMost: 200)))
        }
    }

    private mutating func write(
        _ listing: (dispatcher: String, events: [EventListing]),
        to json: inout JSONText
    ) {
        json.array { json in
            json.value(place(of: traced(listing.dispatcher, atMost: 200)))
            json.array { json in
                for event in listing.events {
                    json.array { json in
                        json.value(place(of: traced(event.event, atMost: 400)))
                        json.array { json in for phase in event.phases { write(phase, to: &json) } }
                    }
                }
            }
        }
    }

    private mutating func write(_ phase: EventListing.Phase, to json: inout JSONText) {
        json.array { json in
            json.value(place(of: traced(phase.name, atMost: 200)))
            json.array { json in
                for (handler, isMuted) in phase.handlers {
                    json.array { json in
                        json.value(place(of: traced(handler.handler.name, atMost: 200)))
                        json.value(place(of: handler.handler.location.description))
                        json.value(place(of: handler.filter))
                        json.value(handler.priority)
                        json.value(handler.startsLeft ?? -1)
                        json.value((handler.isAsynchronous ? 1 : 0) | (isMuted ? 2 : 0))
                    }
                }
            }
        }
    }
}
