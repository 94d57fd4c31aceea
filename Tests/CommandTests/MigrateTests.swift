import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct `A migration from server to server` {
    /// Writes events of every kind.
    private func fill(_ source: TestServer, _ folder: Folder) async throws {
        let client = ProductClient(server: source)
        let bytes = folder.path("bytes")
        try Data(0...255).write(to: URL(filePath: bytes))
        for (mediaType, text) in [
            ("application/json", "{\"x\":1.0,  \"y\":[1,2 ]}"), ("application/json", "no json"),
            ("application/octet-stream", "  {\"object\":  \"as text\"}"), ("text/xml", "<a>1</a>"),
            ("application/octet-stream", "\u{FFFD} is there"), ("application/octet-stream", ""),
        ] {
            let file = try folder.write(text, to: "body")
            try await client.append("kinds", "K", file: file, as: mediaType)
        }
        try await client.append("kinds", "K", file: bytes, as: "application/octet-stream")
        try await client.append(
            "metadata",
            "\"eventType\":\"M\",\"data\":{\"a\":1},\"metadata\":{\"k\":\"v\"}",
            "\"eventType\":\"M\",\"data\":\"text\",\"metadata\":\"text\"",
            "\"eventType\":\"M\",\"data\":{\"a\":1},\"metadata\":\"text\"",
            "\"eventType\":\"M\",\"data\":\"5\",\"metadata\":[1,2]",
            "\"eventType\":\"M\",\"data\":null"
        )
        let shared = UUID().uuidString.lowercased()
        for stream in ["one", "two", "three"] {
            try await client.append(stream, "\"eventType\":\"S\",\"data\":{\"s\":1}", id: shared)
        }
        let twice = "\"eventType\":\"S\",\"data\":{\"s\":1}"
        try await client.append("twice", twice, twice, id: shared)
        try await client.append(
            "links",
            "\"eventType\":\"$>\",\"data\":\"0@kinds\"",
            "\"eventType\":\"$>\",\"data\":\"1@metadata\",\"metadata\":{\"l\":1}",
            "\"eventType\":\"$>\",\"data\":\"0@nowhere\""
        )
        for stream in ["gone", "soft", "dead"] {
            try await client.append(stream, twice)
            try await client.append(stream, twice)
        }
        try await client.append("dead", "D", file: bytes, as: "application/octet-stream")
        try await client.delete("gone")
        try await client.append("gone", "\"eventType\":\"G\",\"data\":{\"again\":true}")
        try await client.delete("soft")
        try await client.delete("dead", forEver: true)
        try await client.append("cut", twice)
        try await client.append("cut", twice)
        try await client.append(
            "$$cut",
            "\"eventType\":\"$metadata\",\"data\":{\"$tb\":1,\"$acl\":{\"$r\":\"ann\"}}"
        )
        try await client.append("%D1%81%20%27q%27%20a@b", "\"eventType\":\"ü\",\"data\":{}")
        for stream in ["$users", "$user-ann", "$$$user-ann", "$stats-1", "$$$stats-1"] {
            try await client.append(stream, "\"eventType\":\"X\",\"data\":{\"secret\":1}")
        }
    }

    @Test func `keeps every kind of event, and the order of all`() async throws {
        try await TemporaryFolder.with { folder in
            let source = try await TestServer.start(store: folder.path("source.db"))
            let target = try await TestServer.start(store: folder.path("target.db"))
            defer { for server in [source, target] { server.child.send(SIGKILL) } }
            try await fill(source, folder)

            let outcome = try await Migrated.migrate(source.url, target, folder, "--page", "7")

            #expect(outcome.status == 0, "\(outcome.error) \(outcome.output)")
            let copied = "stream NOT LIKE '%$user%' AND stream NOT LIKE '%$stats%'"
            // The one event that a page's end may part from the event that it answers.
            let expected = try await Migrated.rows(source.store, where: copied)
            let rows = try await Migrated.rows(target.store)
            let dead = expected.filter { $0.hasPrefix("dead|2|") }
            #expect(dead.count == 1)
            let own = rows.filter { $0.hasPrefix("$$gone|") }.count
            #expect(own == 2 || own == 3)
            let kept = { (rows: [String]) in
                rows.filter { !$0.hasPrefix("dead|2|") && !$0.hasPrefix("$$gone|") }
            }
            #expect(kept(rows) == kept(expected))
            #expect(outcome.output.contains("left out, users and their passwords: 3"))
            #expect(outcome.output.contains("left out, statistics of the source: 2"))
            #expect(outcome.output.contains("eventfeed user add"))
            #expect(outcome.output.contains("  2@dead: its data"))
            #expect(outcome.output.contains("another event has their own: 4"))
        }
    }

    @Test func `copies statistics where that is asked, and users never`() async throws {
        try await TemporaryFolder.with { folder in
            let source = try await TestServer.start(store: folder.path("source.db"))
            let target = try await TestServer.start(store: folder.path("target.db"))
            defer { for server in [source, target] { server.child.send(SIGKILL) } }
            let client = ProductClient(server: source)
            for stream in ["$users", "$user-ann", "$stats-1", "tab-1", "tab-2", "shop"] {
                try await client.append(stream, "\"eventType\":\"X\",\"data\":{\"secret\":1}")
            }

            let outcome = try await Migrated.migrate(
                source.url,
                target,
                folder,
                "--with-system-streams",
                "--leave-out",
                "tab-*"
            )

            #expect(outcome.status == 0, "\(outcome.error)")
            let streams = try await Migrated.rows(target.store).map { $0.prefix { $0 != "|" } }
            #expect(streams == ["$stats-1", "shop"])
            #expect(outcome.output.contains("left out, --leave-out: 2"))
        }
    }

    @Test func `goes on after each of three kills, with nothing twice and nothing lost`()
        async throws
    {
        try await TemporaryFolder.with { folder in
            let source = try await TestServer.start(store: folder.path("source.db"))
            let target = try await TestServer.start(store: folder.path("target.db"))
            defer { for server in [source, target] { server.child.send(SIGKILL) } }
            let lines = try folder.write(Input.lines(12_000), to: "lines")
            let loaded = try await Command.run("append", source.url, "--ndjson", lines)
            #expect(loaded.status == 0, "\(loaded.error)")
            let arguments = [
                "migrate", source.url, target.url, "--state", folder.path("m.state"), "--page",
                "20",
            ]

            var counts = [0]
            for _ in 1...3 {
                let before = try #require(counts.last)
                try await Child.with(arguments) { child in
                    try await eventually("some pages more", within: .seconds(60)) {
                        let rows = try await SQL.rows(target.store, "SELECT max(number) FROM event")
                        counts.append(rows.first.flatMap { Int($0) } ?? 0)
                        return (counts.last ?? 0) >= before + 200 || !child.isRunning
                    }
                    child.send(SIGKILL)
                }
            }
            #expect((counts.last ?? 0) < 12_000)
            let outcome = try await Child.start(arguments).outcome()

            #expect(outcome.status == 0, "\(outcome.error) \(outcome.output)")
            #expect(outcome.output.contains("events copied in all: 12,000"))
            #expect(outcome.output.contains("the same in source and target: 12,000 events"))
            #expect(
                try await Migrated.rows(target.store) == (try await Migrated.rows(source.store))
            )
        }
    }

    @Test func `stops gently, and copies what came since when it runs again`() async throws {
        try await TemporaryFolder.with { folder in
            let source = try await TestServer.start(store: folder.path("source.db"))
            let target = try await TestServer.start(store: folder.path("target.db"))
            defer { for server in [source, target] { server.child.send(SIGKILL) } }
            let lines = try folder.write(Input.lines(8_000), to: "lines")
            _ = try await Command.run("append", source.url, "--ndjson", lines)
            let arguments = [
                "migrate", source.url, target.url, "--state", folder.path("m.state"), "--page", "5",
            ]

            let child = try Child.start(arguments)
            try await eventually("a page") {
                try await SQL.rows(target.store, "SELECT 1 FROM event WHERE number = 5") == ["1"]
            }
            child.send(SIGTERM)
            let stopped = try await child.outcome()
            let more = try folder.write(Input.lines(10, from: 5_000), to: "more")
            _ = try await Command.run("append", source.url, "--ndjson", more)
            let outcome = try await Migrated.migrate(source.url, target, folder)

            #expect(stopped.status == 0)
            #expect(stopped.error.contains("stopped: run it again to go on"))
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(
                try await Migrated.rows(target.store) == (try await Migrated.rows(source.store))
            )
        }
    }
}
