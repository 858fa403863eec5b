import AuthLog

/// Reads the input as a line, as the name of a user in a line, and as a log.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = Array(UnsafeRawBufferPointer(start: bytes, count: count))
    LineCheck(input).run()
    UserNameCheck(input).run()
    LogCheck(input).run()
    return 0
}
