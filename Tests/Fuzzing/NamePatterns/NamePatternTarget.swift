import EventDispatch

/// Reads the input as texts with an 0xFF, which no UTF-8 has, between them: two patterns, then names. The patterns are
/// prefixes, suffixes and parts as well.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafeRawPointer?, _ count: Int) -> CInt {
    let texts = UnsafeRawBufferPointer(start: bytes, count: count).split(
        separator: 0xFF,
        omittingEmptySubsequences: false
    )
    .map { String(decoding: $0, as: UTF8.self) }
    let visits = Visits()
    do {
        let trial = PatternTrial(texts.prefix(2), visits)
        for name in texts { trial.fire(name) }
        trial.cancelFirst()
        for name in texts { trial.fire(name) }
    }
    require(visits.visitors == 0, "\(visits.visitors) handlers outlive their dispatcher")
    return 0
}
