/// What makes two match keys the same key: their path from the event.
struct KeyIdentity: Hashable, Sendable {
    private let path: any AnyKeyPath & Sendable

    init(_ path: any AnyKeyPath & Sendable) { self.path = path }

    static func == (left: Self, right: Self) -> Bool { left.path as AnyKeyPath == right.path as AnyKeyPath }

    func hash(into hasher: inout Hasher) { hasher.combine(path as AnyKeyPath) }
}
