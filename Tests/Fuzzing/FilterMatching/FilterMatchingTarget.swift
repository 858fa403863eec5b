import EventDispatch

/// Reads the input as a sequence of subscriptions, cancellations and fires, and compares every fire with the oracle.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafeRawPointer?, _ count: Int) -> CInt {
    var decoder = StepDecoder(InputBytes(bytes, count: count))
    let visits = Visits()
    weak var dispatcher: EventDispatcher?
    do {
        var trial = MatchingTrial(visits)
        dispatcher = trial.dispatcher
        while let step = decoder.next() { trial.take(step) }
    }
    require(dispatcher == nil, "the dispatcher outlives its last owner")
    require(visits.visitors == 0, "\(visits.visitors) handlers outlive their dispatcher")
    return 0
}
