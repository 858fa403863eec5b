import EventDispatch
import EventDispatchTracing

/// Events for traces.
struct Opened: MatchableEvent {
    var number = 0
    static var eventName: String { "opened" }

    struct MatchKeys: MatchKeySet { let number = Key(\.number) }
}

struct Counted: MatchableEvent {
    static var eventName: String { "counted" }
}

struct Failure: Error, CustomStringConvertible {
    var description = "it broke"
}

extension TraceSnapshot {
    /// What the trace says, without times and threads: a line for each fire, and below it one for each handler.
    var outline: [String] {
        fires.flatMap { fire in
            var line = fire.event
            let parent = fires.first { $0.id == fire.parent }
            if let parent {
                let run = parent.runs.first { $0.handler == fire.firedBy }
                line += " in \(parent.event)" + (run.map { " by \($0.label.name)" } ?? "")
            } else if fire.parent != nil {
                line += " in one that isn't here"
            }
            if fire.isDetached { line += ", detached" }
            if fire.isPosted { line += ", posted" }
            if fire.isUnhandled { line += ", unhandled" }
            if fire.end == nil { line += ", unfinished" }
            if let description = fire.description { line += ": \(description)" }
            return [line] + fire.runs.map(\.outline)
        }
    }
}

extension TraceSnapshot.Run {
    var outline: String {
        var line = "  \(phase) \(label.name) \(result)"
        if start == nil { line += ", not started" }
        if attempts > 1 { line += ", \(attempts) attempts" }
        for attempt in failedAttempts { line += ", again after: \(attempt.text)" }
        if lateEnd != nil { line += ", ended late" }
        return text.isEmpty ? line : line + ": \(text)"
    }
}
