import EventDispatch
import EventDispatchStore
import Foundation

/// The event that is stored: about as large as those that programs store.
struct BenchmarkOrder: StorableEvent {
    static let storedName = "bench.order.placed"
    let id: Int
    var region = "eu"
    var customer = "c0000017"
    var total = 4_995

    struct MatchKeys: MatchKeySet {
        let region = Key(\.region)
        let customer = Key(\.customer)
    }

    static let example = BenchmarkOrder(id: 1_234_567)

    /// What the library stores of it.
    var storedBytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
    }
}

/// A benchmark that can't be trusted.
struct StoreBenchmarkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A folder that goes with the process, for the files of benchmarks.
struct BenchmarkFolder {
    private let folder: URL

    /// Makes a folder.
    ///
    /// - Parameter parent: where; it decides on which disk the benchmark runs.
    init(in parent: String) throws {
        folder = URL(fileURLWithPath: parent).appendingPathComponent(
            "event-dispatch-benchmark-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// The bytes of a database, with what is still written ahead of it.
    func size(of name: String) -> Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path(name) + suffix)
            return sum + ((attributes?[.size] as? Int) ?? 0)
        }
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
