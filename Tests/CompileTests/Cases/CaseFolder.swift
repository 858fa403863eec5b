import Foundation

/// A folder of sources that are compiled one by one, each together with those in its folder `Given`.
struct CaseFolder: Sendable {
    static let failures = CaseFolder("CompileFailures")
    static let successes = CaseFolder("CompileSuccesses")

    let url: URL

    private init(_ name: String) {
        url = Self.package.appendingPathComponent("Tests/\(name)")
    }

    /// The folder of the package.
    static let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized

    /// What every case is compiled with.
    var given: [URL] { sources.filter { $0.path.contains("/Given/") } }

    /// The cases, by name.
    var cases: [CompileCase] {
        get throws {
            try sources.filter { !$0.path.contains("/Given/") }.map { file in
                try CompileCase(name: String(file.path.dropFirst(url.path.count + 1)), file: file)
            }
        }
    }

    private var sources: [URL] {
        let files = FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil)
        let all = (files?.allObjects ?? []).compactMap { $0 as? URL }.map(\.standardized)
        return all.filter { $0.pathExtension == "swift" }.sorted { $0.path < $1.path }
    }
}
