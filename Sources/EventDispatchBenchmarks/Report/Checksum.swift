/// How often handlers were called, and how often they should have been.
struct Checksum {
    let value: Int
    let expected: Int

    init(_ value: Int, expected: Int) {
        self.value = value
        self.expected = expected
    }
}
