import EventTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `Eventfeed projection` {
    @Test func `begins with a template that is in order`() async throws {
        try await TemporaryFolder.with { folder in
            let new = try await Command.run("projection", "new", "guests of today")
            let file = try folder.write(new.output, to: "guests.sql")

            let checked = try await Command.run("projection", "check", file)

            #expect(new.status == 0 && new.error.isEmpty)
            #expect(checked.status == 0 && checked.error.isEmpty, "\(checked.error)")
            #expect(checked.output.hasPrefix("\(file): projection guests of today, revision 1, "))
            #expect(checked.output.contains(#""Example, quoted""#))
        }
    }

    /// Text that is wrong, the line that is at fault, and a word of what is said.
    struct Fault: Sendable, CustomTestStringConvertible {
        let sql: String
        let line: Int
        let word: String

        init(_ sql: String, _ line: Int, _ word: String) {
            self.sql = sql
            self.line = line
            self.word = word
        }

        var testDescription: String { word }
    }

    private static let start = """
        -- projection: p  revision: 1
        -- setup
        CREATE TABLE t (n);

        """

    private static let faults: [Fault] = [
        Fault(start + "-- on A\nINSERT INTO t VALUES (:nummer);\n", 5, ":nummer is no parameter"),
        Fault(start + "-- on A\n\nINSERT INTO t VALUE (1);\n", 6, "syntax error"),
        Fault(start + "-- on A\nINSERT INTO u VALUES (1);\n", 5, "no such table: u"),
        Fault(start + "-- on A\nINSERT INTO t VALUES (random());\n", 5, "random"),
        Fault(start + "-- on A\nINSERT INTO t VALUES (current_date);\n", 5, "current_date"),
        Fault(start + "-- on A\nATTACH 'x.db' AS x;\n", 5, "ATTACH"),
        Fault(start + "-- on A\nPRAGMA user_version = 1;\n", 5, "PRAGMA"),
        Fault(start + "-- on A\nCOMMIT;\n", 5, "COMMIT"),
        Fault(start + "-- on A\nSELECT load_extension('x');\n", 5, "load_extension"),
        Fault(start + "CREATE TEMP TABLE u (n);\n-- on A\nDELETE FROM t;\n", 4, "TEMP"),
        Fault(start + "CREATE TABLE eventfeed_u (n);\n-- on A\nDELETE FROM t;\n", 4, "eventfeed_u"),
        Fault(start + "-- on \"A\nDELETE FROM t;\n", 4, "double quote"),
        Fault(start, 1, "no event is handled"),
        Fault("-- projection: p  revision: 1\n-- on A\nSELECT 1;\n", 1, "no setup"),
        Fault("-- projection: p  revision: 0\n-- setup\n-- on A\n", 1, "whole number from 1"),
        Fault("-- setup\nCREATE TABLE t (n);\n-- on A\nDELETE FROM t;\n", 1, "no name"),
    ]

    @Test(arguments: faults)
    func `says in which line a file is wrong`(_ fault: Fault) async throws {
        try await TemporaryFolder.with { folder in
            let file = try folder.write(fault.sql, to: "p.sql")

            let checked = try await Command.run("projection", "check", file)

            #expect(checked.status == 65)
            #expect(checked.output.isEmpty)
            #expect(
                checked.error.hasPrefix("eventfeed: \(file):\(fault.line): "),
                "\(checked.error)"
            )
            #expect(checked.error.contains(fault.word), "\(checked.error)")
            #expect(checked.error.split(separator: "\n").count == 1)
        }
    }

    @Test func `says everything that is wrong at once`() async throws {
        try await TemporaryFolder.with { folder in
            let sql =
                Self.start + "-- on A\nINSERT INTO t VALUES (:a);\nINSERT INTO t VALUES (:b);\n"
            let file = try folder.write(sql, to: "p.sql")

            let checked = try await Command.run("projection", "check", file)

            #expect(checked.status == 65)
            #expect(checked.error.contains("p.sql:5: :a is no"), "\(checked.error)")
            #expect(checked.error.contains("p.sql:6: :b is no"), "\(checked.error)")
        }
    }

    @Test func `warns of the clock, and a subscriber does too`() async throws {
        try await Workshop.with(Tabs.lines(orders: 2)) { shop in
            let file = try shop.projection(
                Self.start + "-- on Ordered\nINSERT INTO t VALUES (datetime('now'));\n"
            )

            let checked = try await Command.run("projection", "check", file)
            let followed = try await shop.catchUp("--projection", file)

            #expect(checked.status == 0 && followed.status == 0, "\(followed.error)")
            for told in [checked.error, followed.error] {
                #expect(told.contains("warning: \(file):5: datetime seems to read the clock"))
            }
            #expect(try await shop.rows("SELECT count(*) FROM t") == ["2"])
        }
    }

    @Test func `refuses two with one name, and two with one table`() async throws {
        try await TemporaryFolder.with { folder in
            let body = Self.start + "-- on A\nDELETE FROM t;\n"
            let first = try folder.write(body, to: "first.sql")
            let second = try folder.write(
                body.replacing("projection: p", with: "projection: q"),
                to: "second.sql"
            )
            let third = try folder.write(
                body.replacing("TABLE t", with: "TABLE u"),
                to: "third.sql"
            )

            let tables = try await Command.run("projection", "check", first, second)
            let names = try await Command.run("projection", "check", first, first)
            let followed = try await Command.run(
                "subscribe",
                "http://127.0.0.1:1",
                "--into",
                folder.path("model.db"),
                "--projection",
                first,
                "--projection",
                second
            )

            for outcome in [tables, followed] {
                #expect(outcome.status == 65)
                #expect(outcome.error.contains("\(second):3: table t already exists"))
            }
            #expect(names.status == 65)
            #expect(names.error.contains("another projection is called p"), "\(names.error)")
            // Each alone is in order but for the last, which writes to a table of the first.
            #expect(try await Command.run("projection", "check", third).status == 65)
            #expect(!FileManager.default.fileExists(atPath: folder.path("model.db")))
        }
    }

    @Test func `says that a file is missing, or is no text`() async throws {
        try await TemporaryFolder.with { folder in
            let missing = folder.path("nothing.sql")
            let binary = folder.path("binary.sql")
            try Data([0x2D, 0xFF, 0xFE]).write(to: URL(filePath: binary))

            let checked = try await Command.run("projection", "check", missing)
            let read = try await Command.run("projection", "check", binary)
            let followed = try await Command.run(
                "subscribe",
                "http://127.0.0.1:1",
                "--into",
                folder.path("model.db"),
                "--projection",
                missing
            )

            #expect(checked.status == 66 && followed.status == 66, "\(followed.error)")
            #expect(checked.error.contains(missing) && followed.error.contains(missing))
            #expect(read.status == 65)
            #expect(read.error.contains("\(binary):1: the file is not UTF-8"), "\(read.error)")
        }
    }
}
