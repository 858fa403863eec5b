/// How often handlers are called in the first 100,000 events with the default seeds, as others have found it too.
enum KnownChecksums {
    /// The checksum of a workload; nil for a number of subscriptions that none is known for.
    static func checksum(of workload: MatchingWorkload, subscriptions: Int) -> Int? {
        guard let size = [100, 10_000, 100_000, 1_000_000].firstIndex(of: subscriptions) else { return nil }
        return switch workload {
        case .equality: 100_000
        case .conjunction: [56_139, 60_505, 60_359, 60_161][size]
        case .range: [50_172, 50_692, 55_333, 100_216][size]
        case .prefix: [51_099, 51_981, 52_139, 52_141][size]
        case .mixed: [109_410, 141_660, 142_315, 150_045][size]
        }
    }
}
