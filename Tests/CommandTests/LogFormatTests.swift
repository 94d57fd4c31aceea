import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Log messages as JSON` {
    /// What every line must have.
    private struct Line: Decodable {
        struct Metadata: Decodable {
            let checkpoint: Int64?
            let events: Int?
            let took: Double?
            let status: Int?
            let query: String?
        }

        let time: String
        let level: String
        let label: String
        let message: String
        let metadata: Metadata?
    }

    private func lines(_ text: String) throws -> [Line] {
        try text.split(separator: "\n").map { line in
            try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        }
    }

    @Test func `are one object a line, with numbers as numbers`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(12))

                let outcome = try await Command.run(
                    "subscribe",
                    server.url,
                    "--into",
                    folder.path("copy.db"),
                    "--until-caught-up",
                    "--log-format",
                    "json"
                )

                #expect(outcome.status == 0)
                let lines = try lines(outcome.error)
                let applied = try #require(lines.last)
                #expect(lines.first?.message == "following")
                #expect(applied.message == "applied" && applied.level == "info")
                #expect(applied.label == "eventfeed.subscribe")
                #expect(applied.time.hasSuffix("Z"))
                #expect(applied.metadata?.checkpoint == 12 && applied.metadata?.events == 12)
                #expect(try #require(applied.metadata?.took) >= 0)
            }
        }
    }

    @Test func `say at last why the command failed`() async throws {
        try await TemporaryFolder.with { folder in
            let outcome = try await Command.run(
                "subscribe",
                "http://127.0.0.1:1",
                "--into",
                folder.path("copy.db"),
                "--once",
                "--log-format",
                "json"
            )

            #expect(outcome.status == 69)
            let last = try #require(try lines(outcome.error).last)
            #expect(last.level == "critical" && last.metadata?.status == 69)
            #expect(last.message.contains("127.0.0.1:1"))
        }
    }

    @Test func `are an option of serve too, also in a file`() async throws {
        try await TemporaryFolder.with { folder in
            let text = #"{"serve": {"log-format": "json", "log-level": "debug"}}"#
            let config = try folder.write(text, to: "config.json")
            let server = try await TestServer.start(
                store: folder.path("store.db"),
                ["--config", config]
            )
            defer { server.child.send(SIGKILL) }
            _ = try await server.get("/feed?after=0&limit=7")

            let outcome = try await server.stop()

            let lines = try lines(outcome.error)
            let request = lines.first { $0.metadata?.query == "after=0&limit=7" }
            #expect(request?.metadata?.status == 200, "\(outcome.error)")
            #expect(lines.last?.message == "stopped")
        }
    }
}
