import EventDispatch

/// A setting with a version, for what keeps the latest of each.
struct SettingChanged: MatchableEvent, Equatable {
    enum Phases: EventPhases {
        case check, apply, report
        static var main: Self { .apply }
        var isGate: Bool { self == .check }
    }

    var name = "colour"
    var version = 0

    static var eventName: String { "SettingChanged" }

    init(_ name: String = "colour", _ version: Int = 0) {
        self.name = name
        self.version = version
    }

    struct MatchKeys: MatchKeySet {
        let name = Key(\.name)
        let version = Key(\.version)
    }
}
