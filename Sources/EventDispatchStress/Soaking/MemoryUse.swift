import CMemoryUse
import Foundation

/// The memory of this process, in bytes.
struct MemoryUse {
    /// What is allocated, as `mallinfo2` says; 0 where the C library can't tell.
    let allocated = Int(allocated_bytes())
    /// What is resident, as `/proc/self/statm` says, with what the C library has freed and keeps; 0 where there is no such file.
    let resident = Self.residentPages * Int(getpagesize())

    private static var residentPages: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
}
