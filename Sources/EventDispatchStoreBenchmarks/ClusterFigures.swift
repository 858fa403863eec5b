import Foundation
import ProgramSupport

/// What a plan is made of: what an event costs, measured.
struct ClusterFigures {
    /// Processor time of the server that leads the stream, in microseconds for each published event.
    var publishServer = 0.0
    /// That of the process that publishes.
    var publishProcess = 0.0
    /// Bytes over the network for each published event.
    var publishWire = 0.0
    /// Bytes in the files of each server that keeps the event.
    var storedBytes = 0.0
    /// Processor time of all servers for each further one that keeps the event.
    var replicaServer = 0.0
    /// Processor time of the server for each delivery: handing out, and taking the acknowledgement.
    var deliverServer = 0.0
    /// That of the process that handles it.
    var deliverProcess = 0.0
    /// Bytes over the network for each delivery.
    var deliverWire = 0.0
    /// What each consumer of a stream adds to an event, with many of them.
    var consumerServer = 0.0
    // What a plan is checked against: N4.
    var sharedProcessor = 0.0
    var sharedCores = 0.0
    var sharedRate = 0.0
    var lease = 0.0
    var takeover = 0.0

    private static var fields: [WritableKeyPath<Self, Double>] {
        [
            \.publishServer, \.publishProcess, \.publishWire, \.storedBytes, \.replicaServer, \.deliverServer,
            \.deliverProcess, \.deliverWire, \.consumerServer, \.sharedProcessor, \.sharedCores, \.sharedRate, \.lease,
            \.takeover,
        ]
    }

    init() {}

    /// Reads figures as `text` writes them.
    init(_ option: String, _ text: String) throws(OptionError) {
        let numbers = text.split(separator: ",").compactMap { Double($0) }
        guard numbers.count == Self.fields.count else {
            throw OptionError(option, text, "isn't \(Self.fields.count) numbers with commas between them")
        }
        for (field, number) in zip(Self.fields, numbers) { self[keyPath: field] = number }
    }

    var text: String { Self.fields.map { String(format: "%.2f", self[keyPath: $0]) }.joined(separator: ",") }
}
