import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Browse and status` {
    @Test func `show events one a line, and obey nothing in them`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let harmful = #"{"stream":"s","type":"T","dataText":"a\u001b[2Jb\nc"}"# + "\n"
                let lines = Input.lines(30) + harmful
                _ = try await Command.run("append", server.url, "--ndjson", input: lines)

                let last = try await Command.run("browse", server.url)
                let some = try await Command.run("browse", server.url, "--after", "28")
                let stream = try await Command.run(
                    "browse",
                    server.url,
                    "--stream",
                    "tab-3",
                    "--last",
                    "2"
                )
                let store = try await Command.run("browse", server.store, "--last", "1")

                #expect(last.output.split(separator: "\n").count == 20)
                #expect(some.output.split(separator: "\n").count == 3)
                #expect(some.output.contains("tab-4@6  Ordered  {\"n\":29}"))
                #expect(stream.output.contains("tab-3@6") && stream.output.contains("tab-3@5"))
                #expect(stream.output.split(separator: "\n").count == 2)
                #expect(store.output.contains(#"a\u{1B}[2Jb\nc"#))
                #expect(!store.output.contains("\u{1B}"))
            }
        }
    }

    @Test func `follow new events until they are stopped`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let browser = try Child.start(["browse", server.url, "--follow"])
                defer { browser.send(SIGKILL) }
                _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(2))

                _ = try await browser.output { $0.contains("{\"n\":2}") }
                browser.send(SIGINT)

                #expect(try await browser.outcome().status == 0)
            }
        }
    }

    @Test func `say how far a read model is, and when nobody can be asked`() async throws {
        try await TemporaryFolder.with { folder in
            let server = try await TestServer.start(store: folder.path("store.db"))
            defer { server.child.send(SIGKILL) }
            let copy = folder.path("copy.db")
            _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(4))
            _ = try await Command.run("subscribe", server.url, "--into", copy, "--once")
            _ = try await Command.run(
                "append",
                server.url,
                "--ndjson",
                input: Input.lines(3, from: 5)
            )

            let behind = try await Command.run("status", copy, "--json")
            let feed = try await Command.run("status", server.url, "--json")
            let store = try await Command.run("status", server.store, "--json")
            try await server.stop()
            let alone = try await Command.run("status", copy)

            for fact in [
                "\"checkpoint\":4", "\"head\":7", "\"lag\":3", "\"process\":null",
                "\"unfinishedTries\":0",
            ] {
                #expect(behind.output.contains(fact), "\(fact) in \(behind.output)")
            }
            #expect(feed.output.contains("\"recordedAheadSeconds\":0.0"))
            #expect(feed.output.contains("\"head\":7") && feed.output.contains("\"ready\":true"))
            #expect(store.output.contains("\"kind\":\"store\""))
            #expect(alone.status == 0)
            #expect(alone.output.contains("cannot be asked"))
            #expect(alone.output.contains("checkpoint   4"))
        }
    }
}
