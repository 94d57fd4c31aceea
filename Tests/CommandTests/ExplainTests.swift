import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Subscribe --explain` {
    @Test func `measures a server and says what each pace costs, and follows nothing`()
        async throws
    {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(60))

                let outcome = try await Command.run("subscribe", server.url, "--explain")

                #expect(outcome.status == 0, "\(outcome.error)")
                let lines = outcome.output.split(separator: "\n").map(String.init)
                #expect(lines[0].contains("head 60, 60 events in the last 1 min 00 s"))
                #expect(lines[0].hasSuffix("86,400 a day at this rate"))
                #expect(lines[1].contains(" bytes without news"))
                #expect(lines[2].contains("requests/day"))
                #expect(lines[3].hasPrefix("--every 2s (chosen)  "))
                #expect(lines[3].contains("  43,200  "))
                #expect(lines[4].hasPrefix("--every 2s..30s ") && lines[5].hasPrefix("--wait "))
                // Only the store and what belongs to it.
                let files = try FileManager.default.contentsOfDirectory(
                    atPath: folder.url.path(percentEncoded: false)
                )
                #expect(files.allSatisfy { $0.hasPrefix("store.db") }, "\(files)")
            }
        }
    }

    @Test func `says that a folder costs no requests`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(3))
                let target = folder.path("published")
                _ = try await Command.run("export", server.url, target)

                let outcome = try await Command.run(
                    "subscribe",
                    target,
                    "--explain",
                    "--every",
                    "1s..30s",
                    "--wait"
                )

                #expect(outcome.status == 0, "\(outcome.error)")
                #expect(outcome.output.contains("costs no requests"))
                #expect(outcome.output.contains("--every 1s..30s --wait (chosen)"))
                #expect(!outcome.output.contains("bytes"))
            }
        }
    }
}
