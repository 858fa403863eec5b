extension UnsafeMutablePointer where Pointee: MatchableEvent {
    /// Memory that holds an event, until `free()`.
    @inlinable
    init(holding event: Pointee) {
        self = .allocate(capacity: 1)
        initialize(to: event)
    }

    /// Lets go of the event and of its memory.
    @inlinable
    func free() {
        deinitialize(count: 1)
        deallocate()
    }
}
