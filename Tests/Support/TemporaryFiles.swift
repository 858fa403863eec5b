import Foundation

private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "event-dispatch-\(UUID().uuidString)"
)

/// Removes the folder when the process ends.
private let removal: Void = { atexit { try? FileManager.default.removeItem(at: folder) } }()

/// A path that no other call returns, in a folder of its own. Nothing is there yet.
package func temporaryPath(_ name: String) throws -> String {
    _ = removal
    let own = folder.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    return own.appendingPathComponent(name).path
}
