import EventDispatch

/// A trace in the Trace Event Format.
///
/// Slices of a track have to lie inside or after each other. So each goes to the track of what it is inside of, if there is room, and
/// otherwise to the first track that has room. Arrows lead to fires that stand on other tracks than their handlers.
struct PerfettoTrace {
    let bytes: [UInt8]

    private struct Slice {
        let start: UInt64
        let end: UInt64
        /// How deep it lies in its tree.
        let depth: Int
        let fire: Int
        /// Nil for the fire itself.
        let run: Int?
    }

    /// The ends of the slices that are open on a track, the innermost last.
    private struct Track {
        private var ends: [UInt64] = []

        mutating func take(_ slice: Slice) -> Bool {
            while let end = ends.last, end <= slice.start { ends.removeLast() }
            if let end = ends.last, end < slice.end { return false }
            ends.append(slice.end)
            return true
        }
    }

    init(_ snapshot: TraceSnapshot) {
        var json = JSONText()
        var writer = Writer(snapshot)
        json.object { json in
            json.key("displayTimeUnit")
            json.value("ns")
            json.key("traceEvents")
            json.array { json in writer.write(to: &json) }
        }
        bytes = json.bytes
    }

    private struct Writer {
        private let snapshot: TraceSnapshot
        private let base: UInt64
        private var places: [UInt64: Int] = [:]
        /// The track of each slice: of fires, and of their handlers.
        private var tracks: [Track] = []
        private var trackOfFire: [Int]
        private var trackOfRun: [[Int]]

        init(_ snapshot: TraceSnapshot) {
            self.snapshot = snapshot
            base = snapshot.base
            trackOfFire = Array(repeating: 0, count: snapshot.fires.count)
            trackOfRun = snapshot.fires.map { Array(repeating: 0, count: $0.runs.count) }
            for (index, fire) in snapshot.fires.enumerated() { places[fire.id] = index }
        }

        private var slices: [Slice] {
            var depths = Array(repeating: 0, count: snapshot.fires.count)
            var slices: [Slice] = []
            for (index, fire) in snapshot.fires.enumerated() {
                // Parents stand before their children.
                if let parent = parent(of: fire), parent < index { depths[index] = depths[parent] + 2 }
                let end = fire.end ?? snapshot.time
                slices.append(Slice(start: fire.start, end: end, depth: depths[index], fire: index, run: nil))
                for (place, run) in fire.runs.enumerated() {
                    guard let start = run.start else { continue }
                    let end = run.lateEnd ?? (run.result == .leftRunning ? snapshot.time : run.end) ?? snapshot.time
                    slices.append(Slice(start: start, end: end, depth: depths[index] + 1, fire: index, run: place))
                }
            }
            return slices.sorted {
                $0.start != $1.start ? $0.start < $1.start : ($0.depth, $1.end) < ($1.depth, $0.end)
            }
        }

        /// The fire that another one lies inside of.
        private func parent(of fire: TraceSnapshot.Fire) -> Int? {
            fire.isDetached ? nil : fire.parent.flatMap { places[$0] }
        }

        /// The track that a slice would best go to.
        private func preferred(_ slice: Slice) -> Int {
            if slice.run != nil { return trackOfFire[slice.fire] }
            let fire = snapshot.fires[slice.fire]
            guard let parent = parent(of: fire) else { return 0 }
            let run = snapshot.fires[parent].runs.firstIndex { $0.handler == fire.firedBy && $0.start != nil }
            return run.map { trackOfRun[parent][$0] } ?? trackOfFire[parent]
        }

        private mutating func takeTrack(_ slice: Slice) -> Int {
            let first = preferred(slice)
            if tracks.indices.contains(first), tracks[first].take(slice) { return first }
            for index in tracks.indices where index != first && tracks[index].take(slice) { return index }
            var track = Track()
            _ = track.take(slice)
            tracks.append(track)
            return tracks.count - 1
        }

        mutating func write(to json: inout JSONText) {
            metadata("process_name", track: 0, "name", "EventDispatch", to: &json)
            for slice in slices {
                let track = takeTrack(slice)
                if let run = slice.run {
                    trackOfRun[slice.fire][run] = track
                    writeRun(slice, run, track, to: &json)
                } else {
                    trackOfFire[slice.fire] = track
                    writeFire(slice, track, to: &json)
                    writeArrow(slice, track, to: &json)
                }
            }
            for index in tracks.indices {
                metadata("thread_name", track: index, "name", "lane \(index + 1)", to: &json)
            }
            for drop in snapshot.drops {
                event("i", "dropped: \(drop.event)", "drop", at: drop.time, track: 0, to: &json) { json in
                    json.key("s")
                    json.value("p")
                    json.key("args")
                    json.object { json in json.text("reason", drop.reason) }
                }
            }
        }

        private func metadata(
            _ name: String,
            track: Int,
            _ key: StaticString,
            _ value: String,
            to json: inout JSONText
        ) {
            json.object { json in
                json.text("ph", "M")
                json.text("name", name)
                json.number("pid", 1)
                json.number("tid", track + 1)
                json.key("args")
                json.object { json in json.text(key, value) }
            }
        }

        private func event(
            _ phase: String,
            _ name: String,
            _ category: String,
            at time: UInt64,
            track: Int,
            to json: inout JSONText,
            _ rest: (inout JSONText) -> Void
        ) {
            json.object { json in
                json.text("ph", phase)
                json.text("name", name)
                json.text("cat", category)
                json.key("ts")
                json.microseconds(from: base, to: time)
                json.number("pid", 1)
                json.number("tid", track + 1)
                rest(&json)
            }
        }

        private func writeFire(_ slice: Slice, _ track: Int, to json: inout JSONText) {
            let fire = snapshot.fires[slice.fire]
            event("X", fire.event, "fire", at: slice.start, track: track, to: &json) { json in
                json.key("dur")
                json.microseconds(from: slice.start, to: slice.end)
                if fire.hasFailed { json.text("cname", "terrible") }
                json.key("args")
                json.object { json in
                    json.number("fire", fire.id)
                    if let parent = fire.parent { json.number("parent", parent) }
                    if !fire.dispatcher.isEmpty { json.text("dispatcher", fire.dispatcher) }
                    if let description = fire.description { json.text("event", description) }
                    json.number("thread", fire.thread)
                    if fire.end == nil { json.flag("unfinished") }
                    if fire.isDetached { json.flag("detached") }
                    if fire.isPosted { json.flag("posted") }
                    if fire.isUnhandled { json.flag("unhandled") }
                    if let delivery = fire.delivery {
                        json.text("subscription", delivery.subscription)
                        json.text("store", delivery.store)
                        json.number("sequence", delivery.sequence)
                        json.number("attempt", delivery.attempt)
                        if let trace = delivery.trace { json.text("traceparent", trace) }
                    }
                    let notStarted = fire.runs.filter { $0.start == nil }
                    if !notStarted.isEmpty {
                        let texts = notStarted.map { "\($0.label): \($0.result) \($0.text)" }
                        json.text("not started", texts.joined(separator: "; "))
                    }
                }
            }
        }

        private func writeRun(_ slice: Slice, _ place: Int, _ track: Int, to json: inout JSONText) {
            let run = snapshot.fires[slice.fire].runs[place]
            let name = run.label.name.isEmpty ? run.label.location.description : traced(run.label.name, atMost: 200)
            event("X", name, "handler", at: slice.start, track: track, to: &json) { json in
                json.key("dur")
                json.microseconds(from: slice.start, to: slice.end)
                if run.result.isFailure { json.text("cname", "terrible") }
                json.key("args")
                json.object { json in
                    json.text("phase", run.phase)
                    json.text("at", run.label.location.description)
                    json.text("outcome", "\(run.result)")
                    if !run.text.isEmpty { json.text("error", run.text) }
                    if run.attempts > 1 { json.number("attempts", run.attempts) }
                    json.number("thread", run.thread)
                }
            }
            for attempt in run.failedAttempts {
                event("i", "attempt failed", "attempt", at: attempt.time, track: track, to: &json) { json in
                    json.text("s", "t")
                    json.key("args")
                    json.object { json in json.text("error", attempt.text) }
                }
            }
        }

        /// An arrow from the fire that another comes from, where that isn't around it.
        private func writeArrow(_ slice: Slice, _ track: Int, to json: inout JSONText) {
            let fire = snapshot.fires[slice.fire]
            guard let parent = fire.parent.flatMap({ places[$0] }), fire.isDetached || trackOfFire[parent] != track,
                snapshot.fires[parent].start <= slice.start
            else { return }
            let origin = snapshot.fires[parent]
            // An arrow begins inside a slice.
            let end = origin.end ?? snapshot.time
            let begin = min(slice.start, end > origin.start ? end - 1 : origin.start)
            event("s", "fires", "nesting", at: begin, track: trackOfFire[parent], to: &json) {
                $0.number("id", fire.id)
            }
            event("f", "fires", "nesting", at: slice.start, track: track, to: &json) { json in
                json.text("bp", "e")
                json.number("id", fire.id)
            }
        }
    }
}

extension JSONText {
    fileprivate mutating func text(_ name: StaticString, _ text: String) {
        key(name)
        value(text)
    }

    fileprivate mutating func number(_ name: StaticString, _ number: some BinaryInteger) {
        key(name)
        value(number)
    }

    fileprivate mutating func flag(_ name: StaticString) {
        key(name)
        value(true)
    }
}
