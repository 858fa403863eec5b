import ProgramSupport

extension SplitMix64 {
    /// A generator for one part of what a seed stands for, so that the part can be made again without the others.
    init(seed: UInt64, part: Int) {
        var generator = SplitMix64(seed: seed)
        self.init(seed: generator.next() &+ UInt64(truncatingIfNeeded: part) &* 0xD1B5_4A32_D192_ED03)
    }

    /// True in one of a number of cases.
    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    /// One of the elements of an array that is not empty.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }
}
