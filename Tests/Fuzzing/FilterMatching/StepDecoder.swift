/// Reads steps from an input.
struct StepDecoder {
    private var input: InputBytes
    private var handlers = 0

    init(_ input: InputBytes) { self.input = input }

    /// The next step; nil at the end of the input.
    mutating func next() -> Step? {
        guard !input.isAtEnd else { return nil }
        switch input.number(below: 8) {
        case 0...3:
            handlers += 1
            return .subscribe(FuzzedSubscription(handler: handlers, &input))
        case 4: return .cancel(index: input.number(below: 16))
        default: return .fire(FuzzedEvent(&input))
        }
    }
}
