import EventDispatch

struct Point: Hashable {
    var x = 1
    var y = 2
    var name: String?
}

func compare(_ path: PartialKeyPath<Point>, _ erased: AnyKeyPath, _ other: KeyPath<Point, Int>) -> [Bool] {
    let same = \Point.x == \Point.y
    let chain = \Point.x == \Point.x && \Point.y != \Point.x || !(\Point.name == \Point.name)
    let inferred: Bool = path == \.x
    let isName = path == \Point.name
    let isErased = erased == path
    let isNotErased = erased != \Point.x
    let isOther = other == \.x
    let isKey = \Ping.MatchKeys.count == \Ping.MatchKeys.count
    let isIdentical = other === path
    let isOptional = (other as KeyPath<Point, Int>?) == nil
    return [same, chain, inferred, isName, isErased, isNotErased, isOther, isKey, isIdentical, isOptional]
}

func collect(_ points: [Point], _ key: KeyPath<Point, Int>) -> [Int] {
    let titles: [AnyKeyPath: String] = [\Point.x: "x", \Point.y: "y", \Ping.count: "count"]
    let paths: [PartialKeyPath<Point>] = [\.x, \.y, \.name]
    let sorted = points.sorted { $0[keyPath: key] < $1[keyPath: key] }
    let first = paths.first { $0 == \Point.y }
    let known = titles[\Point.x] == "x" && paths.contains(\.name) && first != nil
    let filtered = sorted.filter { $0.x == 1 && $0[keyPath: \.y] > 0 && $0.name == nil && known }
    switch key {
    case \Point.x: return filtered.map(\.x)
    default: return filtered.map(\.y)
    }
}

func plainOperators(_ names: [String], _ numbers: [Double]) -> Bool {
    let odd = names.filter { $0 == "x" || $0 != "y" }.count < 3
    let object: AnyObject? = nil
    return odd && numbers.allSatisfy { $0 >= 1 && $0 <= 2.5 } && object === nil && !names.isEmpty
}
