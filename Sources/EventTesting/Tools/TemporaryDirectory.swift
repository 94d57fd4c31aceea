import Foundation

/// Runs a test with a folder of its own, which is removed afterwards with all that is in it.
///
/// - Parameter body: Gets the folder's path, without a slash at the end.
/// - Returns: What the body returns.
/// - Throws: What the body throws, or the reason why there can be no folder.
public func withTemporaryDirectory<Value>(
    _ body: (_ path: String) async throws -> Value
) async throws -> Value {
    let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("eventfeed-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer {
        // What a test leaves behind in the folder for temporary files is not worth a failure.
        try? FileManager.default.removeItem(atPath: path)
    }
    return try await body(path)
}
