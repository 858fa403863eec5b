/// What came of the handlers that run side by side: a place for each, which the handler's task fills.
final class HandlerRuns: @unchecked Sendable {
    // Sound: each place is written once, by one task, and read after the group of the tasks has ended.
    private let places: UnsafeMutableBufferPointer<HandlerRun?>

    init(count: Int) {
        places = .allocate(capacity: count)
        places.initialize(repeating: nil)
    }

    deinit {
        places.deinitialize()
        places.deallocate()
    }

    /// What came of a handler; nil where it matched no more.
    subscript(index: Int) -> HandlerRun? {
        get { places[index] }
        set { places[index] = newValue }
    }
}
