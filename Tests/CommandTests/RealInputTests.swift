import EventTesting
import Foundation
import Testing

/// The large input, where there is some: 262,200 events of a bank's loan applications.
@Suite(
    .serialized,
    .sharingLoans,
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
        let shared = try #require(SharedLoans.current)
        let input = try await shared.input()
        try await TemporaryFolder.with { folder in
            let copy = folder.path("copy.db")
            var server = try await TestServer.start(store: shared.path("store.db"))
            let writer = try Child.start(
                ["append", server.url, "--ndjson", input, "--patience", "2m"]
            )
            var follower = try follow(server, into: copy)
            var isLoaded = false
            defer {
                for child in [writer, follower] { child.send(SIGKILL) }
                if !isLoaded { server.child.send(SIGKILL) }
            }
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
            try #require(try await writer.outcome().status == 0, "\(writer.error)")
            isLoaded = true
            shared.keep(server)
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

    @Test func `give the right read models although the subscriber is killed fifty times`()
        async throws
    {
        let shared = try #require(SharedLoans.current)
        let (server, input) = (try await shared.loadedServer(), try await shared.input())
        let model = shared.path("killed.db")
        let seed: UInt64 = 20_120_229
        var random = SeededGenerator(seed: seed)
        // Spread over the whole catch-up; the delay is up to about one batch.
        let goals = (0..<50).map { _ in Int.random(in: 0..<258_000, using: &random) }.sorted()
        let delays = goals.map { _ in Int.random(in: 0...300, using: &random) }
        let arguments = ["subscribe", server.url, "--into", model] + Loans.projections

        for (goal, delay) in zip(goals, delays) {
            try await Child.with(arguments) { follower in
                try await eventually("event \(goal) of seed \(seed)", within: .seconds(120)) {
                    try Self.progress(of: follower) >= goal
                }
                try await Task.sleep(for: .milliseconds(delay))
                follower.send(SIGKILL)
                let killed = try await follower.outcome()
                #expect(killed.status == -SIGKILL, "\(killed.error)")
            }
        }
        let last = try await Child.start(arguments + ["--until-caught-up"]).outcome()
        #expect(last.status == 0, "\(last.error)")

        let compared = try await Loans.compare(input, with: model)
        #expect(compared.status == 0, "seed \(seed): \(compared.output)\(compared.error)")
        #expect(compared.output.hasSuffix("\nequal through event 262200\n"))
        try await rebuild(model, server, shared, input)
    }

    /// Rebuilds the read models with another column, while readers look and a subscriber follows.
    private func rebuild(
        _ model: String,
        _ server: TestServer,
        _ shared: SharedLoans,
        _ input: String
    ) async throws {
        let original = try String(contentsOfFile: Loans.path("approvals.sql"), encoding: .utf8)
        let changed = original.replacing("revision: 1", with: "revision: 2")
            .replacing("approved_at TEXT\n", with: "approved_at TEXT,\n    submitted_at TEXT\n")
            .replacing("(application, requested)", with: "(application, requested, submitted_at)")
            .replacing("'amountRequested')", with: "'amountRequested', :data ->> 'occurredAt')")
        let approvals = shared.path("approvals.sql")
        try Data(changed.utf8).write(to: URL(filePath: approvals))
        let others = ["applications", "days"].flatMap { ["--projection", Loans.path("\($0).sql")] }
        let look = """
            SELECT (SELECT group_concat(name, ' ') FROM pragma_table_info('approval')),
                count(*), count(approved_at), sum(requested),
                (SELECT count(*) FROM application), (SELECT sum(events) FROM application),
                (SELECT count(*) FROM day), (SELECT sum(submitted) FROM day) FROM approval
            """
        let counts = try await SQL.rows(model, look)[0].split(separator: "|").dropFirst()
            .joined(separator: "|")

        let follow = ["subscribe", server.url, "--into", model, "--every", "100ms"]
        try await Child.with(follow + Loans.projections) { follower in
            try await eventually("the subscriber", within: .seconds(60)) {
                LockFile.holder(of: model) == follower.id
            }
            let seen = try await OpenReader.watching(model, [look, look, look]) {
                let rebuilt = try await Child.start(
                    ["rebuild", model, "--projection", approvals] + others
                ).outcome()
                #expect(rebuilt.status == 0, "\(rebuilt.error)")
            }
            let ended = try await follower.outcome()

            #expect(ended.status == 0 && ended.error.contains("superseded"), "\(ended.error)")
            for reader in seen {
                #expect(
                    reader == [
                        "application requested approved_at|\(counts)",
                        "application requested approved_at submitted_at|\(counts)",
                    ]
                )
            }
        }
        let compared = try await Loans.compare(input, with: model)
        #expect(compared.status == 0, "\(compared.output)\(compared.error)")
        #expect(
            try await SQL.rows(model, "SELECT count(*), count(submitted_at) FROM approval")
                == ["13087|13087"]
        )
    }

    /// How far a subscriber says that it is.
    private static func progress(of follower: Child) throws -> Int {
        try #require(follower.isRunning, "\(follower.error)")
        let places = follower.error.matches(of: /(?:after|checkpoint)=(\d+)/)
        return places.last.flatMap { Int($0.1) } ?? -1
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
