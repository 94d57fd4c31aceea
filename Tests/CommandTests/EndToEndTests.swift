import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Serve, append and subscribe` {
    @Test func `copy every event in order`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let appended = try await Command.run(
                    "append",
                    server.url,
                    "--ndjson",
                    input: Input.lines(1_234)
                )
                #expect(appended.status == 0)
                #expect(appended.error.contains("1,234 events recorded"))

                let copy = folder.path("copy.db")
                let followed = try await Command.run(
                    "subscribe",
                    server.url,
                    "--into",
                    copy,
                    "--until-caught-up"
                )

                #expect(followed.status == 0)
                let rows = try await SQL.rows(
                    copy,
                    "SELECT number, stream, version, type, data ->> 'n' FROM event ORDER BY number"
                )
                #expect(rows == expectedRows(1_234))
            }
        }
    }

    @Test func `lose and repeat nothing when both are killed on the way`() async throws {
        try await TemporaryFolder.with { folder in
            let count = 6_000
            let input = try folder.write(Input.lines(count), to: "input.ndjson")
            let copy = folder.path("copy.db")
            var server = try await TestServer.start(store: folder.path("store.db"))
            let writer = try Child.start(
                ["append", server.url, "--ndjson", input, "--batch", "20", "--patience", "2m"]
            )
            var follower = try follow(server, into: copy)
            defer { for child in [server.child, writer, follower] { child.send(SIGKILL) } }

            for round in 1...5 {
                // Somewhere on the way: wherever they are by then, both die at once.
                let goal = round * count / 8
                try await eventually("event \(goal) in the store", within: .seconds(120)) {
                    try await head(of: server) >= goal
                }
                follower.send(SIGKILL)
                server.child.send(SIGKILL)
                _ = try await follower.outcome()
                _ = try await server.child.outcome()
                server = try await TestServer.start(
                    store: server.store,
                    listen: "127.0.0.1:\(server.port)"
                )
                follower = try follow(server, into: copy)
            }

            let written = try await writer.outcome()
            #expect(written.status == 0, "\(written.error)")
            follower.send(SIGTERM)
            #expect(try await follower.outcome().status == 0)
            let last = try await Command.run(
                "subscribe",
                server.url,
                "--into",
                copy,
                "--until-caught-up"
            )
            #expect(last.status == 0, "\(last.error)")
            let rows = try await SQL.rows(
                copy,
                "SELECT number, stream, version, type, data ->> 'n' FROM event ORDER BY number"
            )
            #expect(rows == expectedRows(count))
        }
    }

    @Test func `print events once they are committed`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                let lines = Input.lines(7)
                _ = try await Command.run("append", server.url, "--ndjson", input: lines)

                let followed = try await Command.run(
                    "subscribe",
                    server.url,
                    "--into",
                    folder.path("copy.db"),
                    "--print",
                    "--once"
                )

                let printed = followed.output.split(separator: "\n")
                #expect(printed.count == 7)
                #expect(printed[6].hasPrefix("{\"number\":7,\"stream\":\""))
                // What is printed can be appended as it is: known, so nothing is new.
                let repeated = try await Command.run(
                    "append",
                    server.url,
                    "--ndjson",
                    input: followed.output
                )
                #expect(repeated.error.contains("0 events recorded, 7 were recorded before"))
            }
        }
    }

    @Test func `keep a filter and refuse another one`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(10))
                let copy = folder.path("copy.db")

                let first = try await Command.run(
                    "subscribe",
                    server.url,
                    "--into",
                    copy,
                    "--stream",
                    "tab-1",
                    "--once"
                )
                let second = try await Command.run(
                    "subscribe",
                    server.url,
                    "--into",
                    copy,
                    "--stream",
                    "tab-2",
                    "--once"
                )

                #expect(first.status == 0)
                #expect(try await SQL.rows(copy, "SELECT number FROM event") == ["1", "6"])
                #expect(second.status == 64)
            }
        }
    }

    @Test func `stop gently within seconds`() async throws {
        try await TemporaryFolder.with { folder in
            let server = try await TestServer.start(store: folder.path("store.db"))
            let follower = try Child.start(
                ["subscribe", server.url, "--into", folder.path("copy.db"), "--wait"]
            )
            try await eventually("the follower") {
                follower.error.contains("following")
            }

            let start = ContinuousClock.now
            follower.send(SIGTERM)
            let followed = try await follower.outcome()
            let served = try await server.stop()

            #expect(followed.status == 0, "\(followed.error)")
            #expect(served.status == 0, "\(served.error)")
            // Far below the time that a held answer or a back-off would take.
            #expect(start.duration(to: .now) < .seconds(20))
        }
    }

    private func follow(_ server: TestServer, into copy: String) throws -> Child {
        try Child.start(
            [
                "subscribe", server.url, "--into", copy, "--every", "100ms", "--batch", "50",
                "--retry-min", "50ms", "--retry-max", "200ms",
            ]
        )
    }

    private func head(of server: TestServer) async throws -> Int {
        let report = try await Command.run("status", server.url, "--json")
        let head = report.output.split(separator: "\"head\":").last?.prefix { $0.isNumber }
        return Int(head ?? "") ?? 0
    }

    private func expectedRows(_ count: Int) -> [String] {
        (1...count).map { number in
            // Five streams take turns; the fifth starts with event 5.
            "\(number)|tab-\(number % 5)|\((number + 4) / 5)|Ordered|\(number)"
        }
    }
}
