import Foundation
import Testing

/// A file system of some megabytes in memory.
enum SmallDisk {
    /// Whether this process may mount one; found out by doing so.
    static func isPossible() async -> Bool {
        // Where the trial fails for any reason, the test that needs it is skipped aloud.
        (try? await with(megabytes: 1) { _ in true }) ?? false
    }

    /// Runs `body` with a new one, and unmounts it afterwards.
    static func with<Result>(megabytes: Int, _ body: (Folder) async throws -> Result) async throws
        -> Result
    {
        try await TemporaryFolder.with { parent in
            let folder = Folder(url: parent.url.appending(path: "disk"))
            let path = folder.url.path(percentEncoded: false)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try await run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path)
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(try await body(folder))
            } catch {
                result = .failure(error)
            }
            try await run("umount", path)
            return try result.get()
        }
    }

    private static func run(_ words: String...) async throws {
        let outcome = try await Child.start(words, program: "/usr/bin/env").outcome()
        guard outcome.status == 0 else { throw CommandFailed(description: outcome.error) }
    }
}

/// A command of the system that did not do what a test needs.
struct CommandFailed: Error, CustomStringConvertible {
    let description: String
}
