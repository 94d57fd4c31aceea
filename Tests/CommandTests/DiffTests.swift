import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Diff` {
    /// Runs `body` with two files that one script made, one of them changed by another.
    private func with(
        _ script: String,
        change: String,
        _ body: (String, String) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            let program = try Tool.find("sqlite3")
            let (old, new) = (folder.path("old.db"), folder.path("new.db"))
            for (file, sql) in [(old, script), (new, script), (new, change)] {
                let outcome = try await Child.start([file, sql], program: program).outcome()
                #expect(outcome.status == 0, "\(outcome.error)")
            }
            try await body(old, new)
        }
    }

    @Test func `says which rows differ, and ends with status 1`() async throws {
        try await with(
            """
            CREATE TABLE tab (id INTEGER PRIMARY KEY, waiter TEXT, total);
            INSERT INTO tab VALUES (1,'Ann',1),(2,'Bob',2),(3,'Cy',x'00ff'),(4,'O''Hara',NULL);
            """,
            change: """
                UPDATE tab SET waiter = 'B' || char(27) || '[2J', total = 2.0 WHERE id = 2;
                DELETE FROM tab WHERE id = 3; INSERT INTO tab VALUES (5,'Di',5);
                CREATE TABLE more (v)
                """
        ) { old, new in
            let outcome = try await Command.run("diff", old, new)

            #expect(outcome.status == 1 && outcome.error.isEmpty, "\(outcome.error)")
            #expect(
                outcome.output.split(separator: "\n").map(String.init) == [
                    "--- \(old)", "+++ \(new)", "only in \(new): table more, 0 rows",
                    #"~ tab 2: waiter 'Bob' → 'B\u{1B}[2J', total 2 → 2.0"#,
                    "- tab: id=3, waiter='Cy', total=x'00ff'",
                    "+ tab: id=5, waiter='Di', total=5",
                    "tab: 2 rows the same, 1 removed, 1 added, 1 changed",
                ]
            )
            let reversed = try await Command.run("diff", new, old, "--summary")
            #expect(reversed.status == 1)
            #expect(
                reversed.output.hasSuffix("tab: 2 rows the same, 1 removed, 1 added, 1 changed\n")
            )
            #expect(!reversed.output.contains("waiter"))
        }
    }

    @Test func `shows where long values differ, and as many rows as were asked for`() async throws {
        let long = String(repeating: "y", count: 5_000)
        try await with(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
            INSERT INTO t VALUES (1,'\(long)a\(long)'),(2,'b'),(3,'c');
            """,
            change: "UPDATE t SET v = replace(v, 'ya', 'yz'); DELETE FROM t WHERE id > 1"
        ) { old, new in
            let outcome = try await Command.run("diff", old, new, "--limit", "2")

            let lines = outcome.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 5)
            #expect(lines[2].hasPrefix("~ t 1: v '…yyyyyyyyyyyyyyyyyyyya"), "\(lines[2])")
            #expect(lines[2].contains("(9.7 KiB) → '…yyyyyyyyyyyyyyyyyyyyz"))
            #expect(lines[2].count < 300)
            #expect(
                lines[4]
                    == "t: 0 rows the same, 2 removed, 1 changed, 1 of them not shown (see --limit)"
            )
        }
    }

    @Test func `finds two copies of one feed the same, wherever they are`() async throws {
        try await TemporaryFolder.with { folder in
            try await TestServer.with(folder) { server in
                _ = try await Command.run("append", server.url, "--ndjson", input: Input.lines(50))
                let copies = ["a.db", "b.db"].map { folder.path($0) }
                for (copy, batch) in zip(copies, ["50", "7"]) {
                    let arguments = [
                        "subscribe", server.url, "--into", copy, "--batch", batch,
                        "--until-caught-up",
                    ]
                    #expect(try await Child.start(arguments).outcome().status == 0)
                }

                let outcome = try await Command.run("diff", copies[0], copies[1])

                #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
                #expect(outcome.output.contains("--- \(copies[0]), at event 50\n"))
                #expect(outcome.output.hasSuffix("event: 50 rows the same\n"))
            }
        }
    }
}
