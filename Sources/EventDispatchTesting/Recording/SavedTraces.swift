import EventDispatch

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where traces of tests that failed are.
enum SavedTraces {
    private static let counts = Locked<[String: Int]>([:])

    /// The path of a new trace: called after a call site, with a number behind it from the second in a process on.
    static func path(for site: CallSite) throws -> String {
        let folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let name = name(of: site)
        let number = counts.withLock { counts in
            counts[name, default: 0] += 1
            return counts[name, default: 0]
        }
        return folder.appendingPathComponent(number == 1 ? "\(name).html" : "\(name)-\(number).html").path
    }

    private static var folder: URL {
        if let folder = ProcessInfo.processInfo.environment["EVENT_DISPATCH_TRACES"], !folder.isEmpty {
            return URL(fileURLWithPath: folder)
        }
        return FileManager.default.temporaryDirectory.appendingPathComponent("event-dispatch-traces")
    }

    /// `Module-File-12`: nothing in it can lead to another folder.
    private static func name(of site: CallSite) -> String {
        let file = site.fileID.hasSuffix(".swift") ? String(site.fileID.dropLast(6)) : site.fileID
        let name = file.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
        return "\(String(name.suffix(100)))-\(site.line)"
    }
}
