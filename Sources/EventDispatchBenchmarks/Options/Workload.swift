/// What can be measured, in the order in which it is.
enum Workload: String, CaseIterable {
    case equality = "W1"
    case conjunction = "W2"
    case range = "W3"
    case prefix = "W4"
    case mixed = "W5"
    case tagged = "W6"
    case oneHandler = "D1"
    case oneHandlerAwaited = "D1-await"
    case hundredHandlers = "D2"
    case oneOfMany = "D3"
    case awaited = "D4"
    case awaitedOnMainActor = "D4-main"
    case sideBySide = "D5a"
    case sideBySideSuspending = "D5b"
    case changing = "D6"
    case twoThreads = "D7"
    case twoThreadsBesideOwners = "D7-weak"
    case twoThreadsWithLimits = "D7-limit"
    case whileChanging = "D8"
    case recorded = "D9"
    case recordedAwaited = "D9-await"
    case asking = "Q1"
    case cancellingAnOwners = "Q2"
    case findingAnID = "Q3"
    case usingABlockUp = "Q4"
    case firingBesideOtherProtocols = "Q5"
    case claimingManyBlocks = "Q6"
    case subscribingBesideAnyEvents = "Q7"
    case mutingMany = "Q8"
    case cancellingManyInOneFire = "Q9"
    case observers
    case growth
    case bulk
    case pauses

    /// The workloads that go by a name: `D1`, `D4`, `D5` and `D9` are two each, `D7` three. Empty for an unknown one.
    static func named(_ name: String) -> [Workload] {
        switch name.lowercased() {
        case "d1": [.oneHandler, .oneHandlerAwaited]
        case "d4": [.awaited, .awaitedOnMainActor]
        case "d7": [.twoThreads, .twoThreadsBesideOwners, .twoThreadsWithLimits]
        case "d5": [.sideBySide, .sideBySideSuspending]
        case "d9": [.recorded, .recordedAwaited]
        case "q": besideMany
        case let lowercased: allCases.filter { $0.rawValue.lowercased() == lowercased }
        }
    }

    /// Those of what is done or asked beside many others.
    static let besideMany: [Workload] = [
        .asking, .cancellingAnOwners, .findingAnID, .usingABlockUp, .firingBesideOtherProtocols, .claimingManyBlocks,
        .subscribingBesideAnyEvents, .mutingMany, .cancellingManyInOneFire,
    ]

    /// The numbers of subscriptions that are measured unless others are given.
    ///
    /// - Parameter isLarge: whether a million is among them where that says something.
    func defaultSubscriptions(isLarge: Bool) -> [Int] {
        switch self {
        case .equality, .conjunction, .range, .prefix, .mixed, .changing: isLarge ? [10_000, 1_000_000] : [10_000]
        case .tagged: [100_000]
        case .oneOfMany, .twoThreads, .twoThreadsBesideOwners, .twoThreadsWithLimits, .whileChanging: [10_000]
        case .growth: [64_000]
        case .bulk: [1_000_000]
        case .pauses: [1_200_000]
        case .oneHandler, .oneHandlerAwaited, .awaited, .awaitedOnMainActor, .recorded, .recordedAwaited: [1]
        case .hundredHandlers: [100]
        case .sideBySide, .sideBySideSuspending: [10]
        case .observers: [0]
        default: [1_000, 10_000, 100_000]
        }
    }

    /// Whether it takes so long that it has to be asked for.
    var isLong: Bool { self == .growth || self == .bulk || self == .pauses }

    /// Whether the number of subscriptions is part of what the workload is.
    var hasFixedSubscriptions: Bool {
        switch self {
        case .oneHandler, .oneHandlerAwaited, .hundredHandlers, .recorded, .recordedAwaited: true
        case .awaited, .awaitedOnMainActor: true
        case .sideBySide, .sideBySideSuspending, .observers: true
        default: false
        }
    }
}
