import EventTesting
import Foundation
import Synchronization
import Testing

/// The large input, where there is some.
enum RealInput {
    /// The packed input, if there is one.
    static let path: String? = ProcessInfo.processInfo.environment["EVENTFEED_SAMPLES"]
        .map { "\($0)/loan-applications.ndjson.gz" }
        .flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
}

/// A server that holds the whole large input, for all tests of a suite: loading it takes a minute.
final class SharedLoans: Sendable {
    /// What the running test shares with its suite; nil outside such a suite.
    @TaskLocal static var current: SharedLoans?

    private let folder: Folder
    private let server = Mutex<TestServer?>(nil)

    fileprivate init(in folder: Folder) {
        self.folder = folder
    }

    /// The path of a file in the folder that all tests share.
    func path(_ name: String) -> String { folder.path(name) }

    /// The input as lines, unpacked by whoever asks first.
    func input() async throws -> String {
        let input = folder.path("input.ndjson")
        guard !FileManager.default.fileExists(atPath: input) else { return input }
        let packed = try #require(RealInput.path)
        let unpacked = try await Child.start(
            ["-c", "gzip -dc '\(packed)' > '\(input)'"],
            program: "/bin/sh"
        ).outcome()
        try #require(unpacked.status == 0, "\(unpacked.error)")
        return input
    }

    /// Hands the server over of whoever has loaded the input.
    func keep(_ loaded: TestServer) {
        server.withLock { $0 = loaded }
    }

    /// The server, loaded now where no test before did.
    func loadedServer() async throws -> TestServer {
        if let server = server.withLock({ $0 }) { return server }
        let server = try await TestServer.start(store: folder.path("loaded.db"))
        keep(server)
        let loaded = try await Command.run("append", server.url, "--ndjson", try await input())
        try #require(loaded.status == 0, "\(loaded.error)")
        return server
    }

    fileprivate func end() {
        server.withLock { $0?.child.send(SIGKILL) }
    }
}

/// Has the tests of a suite share a loaded server, and ends it with the last of them.
struct SharingLoans: SuiteTrait, TestScoping {
    @concurrent func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            let shared = SharedLoans(in: folder)
            defer { shared.end() }
            try await SharedLoans.$current.withValue(shared) { try await function() }
        }
    }
}

extension Trait where Self == SharingLoans {
    /// The tests share a server that holds the large input.
    static var sharingLoans: SharingLoans { SharingLoans() }
}
