import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1))) struct `Vetting a projection` {
    private static func projection(setup: String = "", on sql: String) throws(InvalidProjection)
        -> SQLProjection
    {
        try SQLProjection(
            """
            -- projection: p  revision: 1
            -- setup
            CREATE TABLE t (a, b);
            \(setup)
            -- on A
            \(sql)
            """,
            file: "f.sql",
            timeLimit: .milliseconds(300)
        )
    }

    @Test(arguments: [
        ("ATTACH 'x' AS y", "ATTACH"), ("detach y", "DETACH"),
        ("PRAGMA journal_mode = DELETE", "PRAGMA"),
        ("SELECT * FROM pragma_table_info('t')", "PRAGMA"),
        ("BEGIN", "BEGIN"), ("COMMIT", "COMMIT"), ("END", "END"), ("ROLLBACK", "ROLLBACK"),
        ("SAVEPOINT s", "SAVEPOINT"), ("RELEASE s", "RELEASE"), ("VACUUM", "VACUUM"),
        ("ANALYZE", "ANALYZE"), ("REINDEX", "REINDEX"), ("DROP TABLE t", "DROP"),
        ("ALTER TABLE t ADD COLUMN c", "ALTER"), ("EXPLAIN DELETE FROM t", "EXPLAIN"),
        ("/* x */ ; PRAGMA user_version = 1", "PRAGMA"),
        ("CREATE TEMP TABLE u (x)", "temporary"),
        ("CREATE TEMPORARY VIEW u AS SELECT 1", "temporary"),
        ("SELECT load_extension('x')", "load_extension"),
        ("CREATE VIRTUAL TABLE f USING rtree(a, b, c)", "FTS5"),
        ("INSERT INTO t VALUES (random(), 1)", "random"),
        ("INSERT INTO t VALUES (randomblob(1), 1)", "randomblob"),
        ("INSERT INTO t VALUES (\"random\" (), 1)", "random"),
        ("INSERT INTO t VALUES (Current_Timestamp, 1)", "urrent_"),
        ("INSERT INTO t VALUES (current_date, current_time)", "current_"),
        ("SELECT * FROM eventfeed_checkpoint", "eventfeed_"),
        ("DELETE FROM \"EVENTFEED_MODEL\"", "eventfeed_"),
        ("CREATE TABLE eventfeed_mine (x)", "eventfeed_"),
        ("CREATE INDEX i ON eventfeed_parked (reason)", "eventfeed_"),
        ("CREATE VIEW eventfeed_v AS SELECT 1", "eventfeed_"),
        ("INSERT INTO sqlite_schema VALUES (1)", "sqlite_"),
        ("INSERT INTO t VALUES (:nubmer, 1)", ":nubmer"), ("INSERT INTO t VALUES (?, 1)", "?"),
        ("INSERT INTO t VALUES (@number, $number)", "@number"),
        ("INSERT INTO nowhere VALUES (1)", "nowhere"), ("INSERT INTO t VALUES (1)", "columns"),
        ("INSERT INTO", "syntax error"), ("HELLO", "HELLO"),
    ])
    func `refuses what is not reading, writing and creating`(sql: String, word: String) {
        let error = #expect(throws: InvalidProjection.self) {
            _ = try Self.projection(on: "DELETE FROM t;\n\(sql);")
        }
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
        #expect(error?.findings.first?.line == 7, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("CREATE TABLE u (x DEFAULT CURRENT_TIMESTAMP);", "current_timestamp"),
        ("CREATE TABLE u (x DEFAULT (random()));", "random"),
        ("INSERT INTO t VALUES (:number, 1);", "before there is an event"),
        ("INSERT INTO t SELECT 1;", "columns"),
        (
            """
            WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
            INSERT INTO t SELECT max(x), 1 FROM c;
            """, "longer"
        ),
    ])
    func `refuses a setup that cannot be run`(setup: String, word: String) {
        let error = #expect(throws: InvalidProjection.self) {
            _ = try Self.projection(setup: setup, on: "DELETE FROM t;")
        }
        #expect(error?.findings.first?.line == 4, "\(String(describing: error))")
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        """
        CREATE TABLE p (k INTEGER PRIMARY KEY);
        CREATE TABLE c (k REFERENCES p ON DELETE CASCADE);
        CREATE TRIGGER g AFTER DELETE ON c BEGIN
            UPDATE eventfeed_checkpoint SET number = 5;
        END;
        """,
        "CREATE TABLE c (k REFERENCES eventfeed_parked (number) ON DELETE RESTRICT);",
        "CREATE TRIGGER g AFTER DELETE ON t BEGIN DELETE FROM 'eventfeed_parked'; END;",
        "CREATE VIEW v AS SELECT * FROM \"EventFeed_Model\";",
        "CREATE VIEW v AS SELECT file FROM pragma_database_list;",
        "CREATE VIEW v AS SELECT * FROM dbstat;",
        "CREATE VIRTUAL TABLE f USING fts5(chain, content='eventfeed_checkpoint');",
        "CREATE VIRTUAL TABLE eventfeed USING fts5(data);",
        "CREATE TABLE c (k REFERENCES t DEFERRABLE INITIALLY DEFERRED);",
        "CREATE TABLE c (k DEFAULT (random \u{FEFF}()));",
    ])
    func `looks into bodies, references and defaults, which are used later`(creation: String) {
        #expect(throws: InvalidProjection.self, "\(creation)") {
            _ = try Self.projection(setup: creation, on: "DELETE FROM t;")
        }
        #expect(throws: InvalidProjection.self, "\(creation)") {
            _ = try Self.projection(on: creation)
        }
    }

    @Test func `runs the setup with references that count`() {
        #expect(throws: InvalidProjection.self) {
            _ = try Self.projection(
                setup: """
                    CREATE TABLE p (k INTEGER PRIMARY KEY); CREATE TABLE c (k REFERENCES p);
                    INSERT INTO c VALUES (1);
                    """,
                on: "DELETE FROM t;"
            )
        }
    }

    @Test func `reads a file with a byte order mark`() throws {
        let text = "\u{FEFF}-- projection: p  revision: 1\r\n-- setup\r\nCREATE TABLE t (a);\r\n"
        _ = try SQLProjection(text + "-- on A\r\nDELETE FROM t;\r\n")
    }

    @Test func `finds what a trigger would do`() {
        let error = #expect(throws: InvalidProjection.self) {
            _ = try Self.projection(
                setup: """
                    CREATE TRIGGER r AFTER INSERT ON t BEGIN
                        UPDATE t SET b = (SELECT count(*) FROM eventfeed_parked);
                    END;
                    """,
                on: "INSERT INTO t VALUES (1, 2);"
            )
        }
        #expect(error?.description.contains("eventfeed_parked") == true)
    }

    @Test(arguments: [
        "INSERT INTO t VALUES (:number, :version), (:stream, :category), (:type, :id);",
        "INSERT INTO t VALUES (:recorded_at, :media_type), (:data, :metadata);",
        "WITH x (a) AS (VALUES (1)) INSERT INTO t SELECT a, 1 FROM x;",
        "REPLACE INTO t VALUES (1, 2); UPDATE t SET a = 2 WHERE b = 1; DELETE FROM t;",
        "INSERT INTO t SELECT key, value FROM json_each(:data);",
        "UPDATE t SET a = x.b FROM t AS x WHERE x.a = t.b;",
        "INSERT INTO t VALUES (1, 2) ON CONFLICT DO NOTHING RETURNING a;",
        "INSERT INTO t VALUES (date('2011-10-01', '+1 day'), strftime('%w', :recorded_at));",
        "CREATE TABLE IF NOT EXISTS u (a); INSERT INTO t (a) VALUES (';'); -- done",
    ])
    func `allows everything else`(sql: String) throws {
        #expect(try Self.projection(on: sql).warnings == [])
    }

    @Test func `allows triggers, views, indexes and full text`() throws {
        let projection = try Self.projection(
            setup: """
                CREATE VIEW v AS SELECT a FROM t;
                CREATE UNIQUE INDEX i ON t (a);
                CREATE VIRTUAL TABLE words USING fts5(body);
                INSERT INTO words VALUES ('hello world');
                CREATE TRIGGER r AFTER INSERT ON t BEGIN
                    INSERT INTO words VALUES (new.b); DELETE FROM t WHERE a = 0;
                END;
                """,
            on: "INSERT INTO t VALUES (1, 'two'); INSERT INTO words VALUES (:data);"
        )
        #expect(projection.warnings == [])
    }

    @Test(arguments: [
        "datetime('now')", "DATETIME ( 'NOW' )", "date()", "time(/* x */)", "unixepoch('now')",
        "strftime('%s')", "strftime('%s', 'now')", "julianday('now', 'localtime')",
        "datetime((SELECT ' now '))", "datetime(\"now\")", "total_changes()",
    ])
    func `warns of a date that may be today's`(expression: String) throws {
        let projection = try Self.projection(on: "INSERT INTO t VALUES (\(expression), 1);")
        #expect(projection.warnings.count == 1)
        #expect(projection.warnings.first?.line == 6)
        #expect(projection.warnings.first?.message.contains("a rebuild gives") == true)
    }

    @Test func `warns of parts and statements without effect`() throws {
        let projection = try Self.projection(on: "SELECT a FROM t;\n-- on B\n-- nothing\n")
        #expect(projection.warnings.map(\.line) == [6, 7])
    }

    @Test func `checks projections for one database together`() throws {
        let one = try Self.projection(on: "DELETE FROM t;")
        let error = #expect(throws: InvalidProjection.self) {
            try SQLProjection.checkTogether([one, one])
        }
        #expect(error?.description.contains("another projection is called p") == true)
        #expect(error?.description.contains("table t already exists") == true)
    }
}
