/// The bytes of a fuzzer's input, read as small decisions. Past the end there are zeros.
struct InputBytes {
    private var rest: Slice<UnsafeRawBufferPointer>

    init(_ start: UnsafeRawPointer?, count: Int) {
        rest = UnsafeRawBufferPointer(start: start, count: count)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// A number from 0 up to a count, which may be at most 256.
    mutating func number(below count: Int) -> Int { Int(rest.popFirst() ?? 0) % count }

    mutating func flip() -> Bool { number(below: 2) == 1 }

    /// One of the elements of an array that is not empty and has at most 256.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(below: elements.count)] }

    /// All that is left.
    mutating func remainder() -> [UInt8] {
        defer { rest = rest.suffix(0) }
        return Array(rest)
    }
}
