import EventTesting
import Foundation
import Testing

/// The large input, where there is some: 262,200 events of a bank's loan applications.
@Suite(
    .timeLimit(.minutes(15)),
    .enabled(
        if: RealInput.path != nil,
        "EVENTFEED_SAMPLES names no folder with loan-applications.ndjson.gz: skipped"
    )
)
struct `The loan applications` {
    @Test func `arrive whole and in order although both sides are killed on the way`()
        async throws
    {
        let packed = try #require(RealInput.path)
        try await TemporaryFolder.with { folder in
            let input = folder.path("input.ndjson")
            let unpacked = try await Child.start(
                ["-c", "gzip -dc '\(packed)' > '\(input)'"],
                program: "/bin/sh"
            ).outcome()
            try #require(unpacked.status == 0, "\(unpacked.error)")
            let copy = folder.path("copy.db")
            var server = try await TestServer.start(store: folder.path("store.db"))
            let writer = try Child.start(
                ["append", server.url, "--ndjson", input, "--patience", "2m"]
            )
            var follower = try follow(server, into: copy)
            defer { for child in [server.child, writer, follower] { child.send(SIGKILL) } }
            for goal in [20_000, 60_000, 100_000] {
                try await eventually("event \(goal)", within: .seconds(300)) {
                    try await copied(copy) >= goal
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
            #expect(try await writer.outcome().status == 0, "\(writer.error)")
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

            try await check(copy, against: input)
            let target = folder.path("published")
            let exported = try await Command.run("export", server.store, target)
            #expect(exported.status == 0, "\(exported.error)")
            let second = folder.path("second.db")
            let followed = try await Command.run(
                "subscribe",
                target,
                "--into",
                second,
                "--until-caught-up"
            )
            #expect(followed.status == 0, "\(followed.error)")
            try await check(second, against: input)
        }
    }

    private func check(_ copy: String, against input: String) async throws {
        #expect(
            try await SQL.rows(
                copy,
                "SELECT count(*), max(number), count(DISTINCT stream) FROM event"
            ) == ["262200|262200|13087"]
        )
        #expect(
            try await SQL.rows(
                copy,
                """
                SELECT count(*), sum(data ->> 'amountRequested') FROM event
                WHERE type = 'A_SUBMITTED' AND stream IN
                    (SELECT stream FROM event WHERE type = 'A_APPROVED')
                """
            ) == ["2246|35290338"]
        )
        // Event for event, in order: ids and data as they stand in the input.
        let rows = try await SQL.rows(copy, "SELECT id || data FROM event ORDER BY number")
        let lines = try String(contentsOfFile: input, encoding: .utf8).split(separator: "\n")
        try #require(rows.count == lines.count)
        let strangers = zip(rows, lines).filter { row, line in
            !line.utf8.starts(with: "{".utf8) || !Self.line(line, holds: row)
        }
        #expect(strangers.isEmpty, "\(strangers.count) differ, the first: \(strangers.prefix(1))")
    }

    /// Whether a line of input is `…"id":"ID",…"data":DATA}` with the id and data of a row.
    private static func line(_ line: Substring, holds row: String) -> Bool {
        line.contains("\"id\":\"\(row.prefix(36))\"")
            && line.hasSuffix("\"data\":\(row.dropFirst(36))}")
    }

    private func follow(_ server: TestServer, into copy: String) throws -> Child {
        try Child.start(
            [
                "subscribe", server.url, "--into", copy, "--every", "100ms", "--retry-min", "50ms",
                "--retry-max", "500ms", "--log-level", "warning",
            ]
        )
    }

    private func copied(_ copy: String) async throws -> Int {
        guard FileManager.default.fileExists(atPath: copy) else { return 0 }
        // Before its first batch the table is not there.
        let rows = try? await SQL.rows(copy, "SELECT coalesce(max(number), 0) FROM event")
        return rows?.first.flatMap { Int($0) } ?? 0
    }
}

enum RealInput {
    /// The packed input, if there is one.
    static let path: String? = ProcessInfo.processInfo.environment["EVENTFEED_SAMPLES"]
        .map { "\($0)/loan-applications.ndjson.gz" }
        .flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
}
