import EventModel
import EventTesting
import GRDB
import SQLiteStorage
import Subscriptions
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A projection` {
    private static func projection(
        _ setup: String,
        on list: String = "*",
        _ sql: String,
        name: String = "p",
        timeLimit: Duration = .seconds(30)
    ) throws -> SQLProjection {
        try SQLProjection(
            "-- projection: \(name)  revision: 1\n-- setup\n\(setup)\n-- on \(list)\n\(sql)\n",
            file: "p.sql",
            timeLimit: timeLimit
        )
    }

    /// Applies events to projections and hands out what a query finds then.
    private static func rows(
        _ query: String,
        _ projections: [SQLProjection],
        _ events: [NewEvent],
        onFailure: FailurePolicy = .stop
    ) async throws -> [[DatabaseValue]] {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/model.db"
            let store = InMemoryEventStore(epoch: History.epoch) {
                Timestamp(microseconds: 1_772_357_400_000_001)
            }
            try await store.append(events)
            let file = try SQLiteReadModelStore(path: path)
            defer { try? file.close() }
            try await Subscription(
                from: ScriptedSource(store),
                to: Projector(projections, in: file, onFailure: onFailure)
            ).catchUp()
            return try CopyFile(path: path).rows(query)
        }
    }

    private static func event(
        _ stream: String,
        _ type: String,
        _ data: Payload = .json("{}"),
        metadata: Payload? = nil
    ) -> NewEvent {
        NewEvent(
            id: .derived(from: "\(stream) \(type)".utf8, in: History.epoch.uuid),
            stream: StreamName(stored: stream),
            type: EventType(stored: type),
            data: data,
            metadata: metadata
        )
    }

    @Test func `is given all that an event has, each in its type`() async throws {
        let events = [
            Self.event("tab-7", "A é", .json(#"{"n":1.50}"#), metadata: .json(#"{"actor":"x"}"#)),
            Self.event("plain", "B", Payload([0, 255], mediaType: .octetStream)),
        ]
        let columns = EventParameterNames.all
        let rows = try await Self.rows(
            "SELECT *, typeof(data), typeof(metadata), typeof(number) FROM t ORDER BY number",
            [
                Self.projection(
                    "CREATE TABLE t (\(columns.joined(separator: ", ")));",
                    "INSERT INTO t VALUES (\(columns.map { ":\($0)" }.joined(separator: ", ")));"
                )
            ],
            events
        )

        #expect(
            rows[0].map(\.description) == [
                "1", "1", "\"tab-7\"", "\"tab\"", "\"A é\"", "\"\(events[0].id)\"",
                "\"2026-03-01T09:30:00.000001Z\"", "\"application/json\"", #""{\"n\":1.50}""#,
                #""{\"actor\":\"x\"}""#, "\"text\"", "\"text\"", "\"integer\"",
            ]
        )
        #expect(rows[1][3] == "plain".databaseValue)
        #expect(rows[1][9].isNull)
        #expect(rows[1][10...].map(\.description) == ["\"blob\"", "\"null\"", "\"integer\""])
    }

    @Test(arguments: [
        ("*", ["A", "A B", "a", "Other"]), ("$*", ["$system", "$"]), ("A", ["A"]),
        ("A*", ["A", "A B"]),
        ("*, $*", ["A", "A B", "a", "Other", "$system", "$"]), ("A, \"A\", A*", ["A", "A B"]),
        ("\"A\"", ["A"]), ("\"A *\"", []), ("A *", ["A B"]), ("A B, Other", ["A B", "Other"]),
    ])
    func `runs a part once for each event whose type is named`(list: String, types: [String])
        async throws
    {
        let all = ["A", "A B", "a", "Other", "$system", "$"]
        let rows = try await Self.rows(
            "SELECT type FROM t ORDER BY rowid",
            [Self.projection("CREATE TABLE t (type);", on: list, "INSERT INTO t VALUES (:type);")],
            all.map { Self.event("s", $0) }
        )
        #expect(rows == types.map { [$0.databaseValue] })
    }

    @Test func `runs all parts that name a type, from top to bottom`() async throws {
        let rows = try await Self.rows(
            "SELECT part FROM t ORDER BY rowid",
            [
                Self.projection(
                    "CREATE TABLE t (part);",
                    on: "A",
                    "INSERT INTO t VALUES (1);\n-- on *\nINSERT INTO t VALUES (2); "
                        + "INSERT INTO t VALUES (3);\n-- on B\nINSERT INTO t VALUES (4);"
                )
            ],
            [Self.event("s", "A"), Self.event("s", "B")]
        )
        #expect(rows.map { $0[0] } == [1, 2, 3, 2, 3, 4].map { $0.databaseValue })
    }

    @Test func `keeps what statements of every kind do`() async throws {
        let rows = try await Self.rows(
            "SELECT a, b, (SELECT count(*) FROM words WHERE words MATCH 'hello') FROM t",
            [
                Self.projection(
                    """
                    CREATE TABLE t (a PRIMARY KEY, b);
                    CREATE VIRTUAL TABLE words USING fts5(body);
                    CREATE TRIGGER r AFTER INSERT ON t BEGIN
                        INSERT INTO words VALUES (new.b); UPDATE t SET b = upper(b);
                    END;
                    """,
                    """
                    SELECT a FROM t;
                    INSERT INTO t VALUES (:stream, 'hello') ON CONFLICT DO NOTHING RETURNING b;
                    WITH x (n) AS (VALUES (:version)) UPDATE t SET b = b || n FROM x;
                    """
                )
            ],
            [Self.event("s", "A"), Self.event("s", "B")]
        )
        #expect(rows == [["s".databaseValue, "HELLO12".databaseValue, 1.databaseValue]])
    }

    @Test func `names file, line and reason where a statement fails`() async throws {
        let projection = try Self.projection(
            "CREATE TABLE t (a PRIMARY KEY);",
            "\nINSERT INTO t\n  VALUES (1);"
        )
        let error = await #expect(throws: ApplyError.self) {
            _ = try await Self.rows(
                "SELECT 1",
                [projection],
                [Self.event("s", "A"), Self.event("s", "B")]
            )
        }
        #expect(error?.number == EventNumber(2))
        #expect(
            error?.description.contains("p.sql:6: UNIQUE constraint failed: t.a") == true,
            "\(String(describing: error))"
        )
    }

    @Test func `is interrupted where a statement takes too long`() async throws {
        let projection = try Self.projection(
            "CREATE TABLE t (a);",
            """
            WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
            INSERT INTO t SELECT max(x) FROM c;
            """,
            timeLimit: .milliseconds(50)
        )
        let error = await #expect(throws: ApplyError.self) {
            _ = try await Self.rows("SELECT 1", [projection], [Self.event("s", "A")])
        }
        #expect(error?.description.contains("ran longer than") == true)
    }

    @Test(arguments: [
        """
        WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
        INSERT INTO t SELECT max(x) FROM c;
        """,
        "INSERT OR ROLLBACK INTO t VALUES (NULL);",
    ])
    func `parks an event whose failure ends the transaction, and nothing else`(sql: String)
        async throws
    {
        let projection = try Self.projection(
            "CREATE TABLE t (a NOT NULL);",
            "INSERT INTO t VALUES (:number);\n-- on Bad\n\(sql)",
            timeLimit: .milliseconds(50)
        )
        let rows = try await Self.rows(
            """
            SELECT (SELECT group_concat(a) FROM t), (SELECT group_concat(number)
                FROM (SELECT number FROM eventfeed_parked ORDER BY number)),
                (SELECT number FROM eventfeed_checkpoint)
            """,
            [projection],
            [
                Self.event("a", "A"), Self.event("b", "Bad"), Self.event("c", "C"),
                Self.event("d", "Bad"), Self.event("b", "D"), Self.event("e", "E"),
            ],
            onFailure: .park
        )
        #expect(rows == [["1,3,6".databaseValue, "2,4,5".databaseValue, 6.databaseValue]])
    }

    @Test func `is taken back whole for an event that another one of its file cannot apply`()
        async throws
    {
        let rows = try await Self.rows(
            "SELECT (SELECT group_concat(n) FROM t), (SELECT group_concat(n) FROM u)",
            [
                Self.projection("CREATE TABLE t (n);", "INSERT INTO t VALUES (:number);"),
                Self.projection(
                    "CREATE TABLE u (n CHECK (n <> 2));",
                    "INSERT INTO u VALUES (:number);",
                    name: "q"
                ),
            ],
            [Self.event("a", "A"), Self.event("b", "B"), Self.event("c", "C")],
            onFailure: .park
        )
        #expect(rows == [["1,3".databaseValue, "1,3".databaseValue]])
    }
}

/// The parameters of a projection, by name.
private enum EventParameterNames {
    static let all = [
        "number", "version", "stream", "category", "type", "id", "recorded_at", "media_type",
        "data",
        "metadata",
    ]
}
