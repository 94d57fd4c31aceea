import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A subscription's start` {
    @Test func `may be said again, and is never ignored`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(9))
                let copy = folder.path("copy.db")
                func subscribe(_ more: String...) async throws -> Command.Outcome {
                    let follow = ["subscribe", server.url, "--into", copy, "--until-caught-up"]
                    return try await Child.start(follow + more).outcome()
                }

                #expect(try await subscribe("--after", "4").status == 0)
                #expect(try await subscribe("--after", "4").status == 0)
                #expect(try await subscribe().status == 0)
                let refused = try await subscribe("--after", "0")

                #expect(refused.status == 64)
                #expect(refused.error.contains("started after 4 and is at 9"))
                #expect(try await SQL.rows(copy, "SELECT count(*) FROM event") == ["5"])
            }
        }
    }

    @Test func `is at the oldest event of a folder whose files are links`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder, "--page-size", "10") { server in
                _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(12))
                let (target, copy) = (folder.path("published"), folder.path("copy.db"))
                _ = try await Command.run("export", server.url, target)
                try FileManager.default.moveItem(
                    atPath: "\(target)/feed.atom",
                    toPath: "\(target)/feed-1.atom"
                )
                try FileManager.default.createSymbolicLink(
                    atPath: "\(target)/feed.atom",
                    withDestinationPath: "feed-1.atom"
                )

                let arguments = ["subscribe", target, "--into", copy, "--until-caught-up"]
                let followed = try await Child.start(arguments).outcome()

                #expect(followed.status == 0, "\(followed.error)")
                #expect(try await SQL.rows(copy, "SELECT count(*) FROM event") == ["12"])
            }
        }
    }
}
