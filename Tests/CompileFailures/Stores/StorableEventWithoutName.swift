import EventDispatchStore

// error: type 'Packed' does not conform to protocol 'StorableEvent'
private struct Packed: StorableEvent {
    let weight: Int
}
