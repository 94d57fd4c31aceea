import EventModel
import EventTesting
import Foundation
import GRDB
import Subscriptions
import Testing

@testable import SQLiteStorage

@Suite(.timeLimit(.minutes(1))) struct `The comparison of two read models` {
    /// Everything that a comparison told, in few words.
    private struct Told {
        var lines: [String] = []
        var counts: [String: TableCounts] = [:]
        var isDifferent = false
    }

    private func compare(_ old: String, _ new: String, limit: Int = 100) throws -> Told {
        var told = Told()
        told.isDifferent = try ReadModelComparison(old: old, new: new, rowLimit: limit).run {
            switch $0 {
            case .began: break
            case .counts(let counts): told.counts[counts.table] = counts
            case .row(let row): told.lines.append(Self.words(row))
            case .tableOnly(let side, let table, let rows):
                told.lines.append("only \(side): \(table), \(rows)")
            case .columnOnly(let side, let table, let column, let type):
                told.lines.append("only \(side): \(table).\(column) \(type)")
            case .columnType(let table, let column, let old, let new):
                told.lines.append("type \(table).\(column) \(old) \(new)")
            case .primaryKey(let table, let old, let new):
                told.lines.append("key \(table) \(old) \(new)")
            }
        }
        return told
    }

    private static func words(_ row: RowDifference) -> String {
        switch row.kind {
        case .removed(let values): "- " + values.map { words($0.value) }.joined(separator: " ")
        case .added(let values): "+ " + values.map { words($0.value) }.joined(separator: " ")
        case .changed(let key, let changes):
            "~ " + key.map(words).joined(separator: " ") + ":"
                + changes.map { " \($0.column) \(words($0.old))>\(words($0.new))" }.joined()
        }
    }

    private static func words(_ value: StoredValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let bytes): "'\(String(decoding: bytes, as: UTF8.self))'"
        case .blob(let bytes): "x\(bytes.count)"
        }
    }

    /// Runs `body` with two databases made by two scripts, to which a common one is added before.
    private func with(
        _ common: String,
        old: String,
        new: String,
        _ body: (String, String) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            for (name, script) in [("old", old), ("new", new)] {
                try edit("\(folder)/\(name).db", common + ";" + script)
            }
            try body("\(folder)/old.db", "\(folder)/new.db")
        }
    }

    @Test func `finds removed, added and changed rows by their primary key`() async throws {
        try await with(
            "CREATE TABLE tab (id INTEGER PRIMARY KEY, waiter TEXT, total)",
            old: "INSERT INTO tab VALUES (1,'A',1.5),(2,'B',2),(3,'C',3),(9,'Z',NULL)",
            new: "INSERT INTO tab VALUES (2,'B',2),(3,'D',3.0),(4,'E',4),(9,'Z',NULL)"
        ) { old, new in
            let told = try compare(old, new)

            #expect(told.lines == ["- 1 'A' 1.5", "~ 3: waiter 'C'>'D' total 3>3.0", "+ 4 'E' 4"])
            let counts = try #require(told.counts["tab"])
            #expect([counts.same, counts.removed, counts.added, counts.changed] == [2, 1, 1, 1])
            #expect(told.isDifferent)
            #expect(try !compare(old, old).isDifferent)
        }
    }

    @Test(arguments: [
        ("1", "'1'"), ("1", "1.0"), ("'1'", "x'31'"), ("NULL", "0"), ("NULL", "''"), ("''", "x''"),
        ("'caf\u{E9}'", "'cafe\u{301}'"), ("'a'", "'a' || char(0)"), ("'a'", "'A'"),
        ("'a'", "'a '"), ("9007199254740993", "9007199254740992.0"), ("x'00'", "x'0000'"),
        ("CAST(x'ff' AS TEXT)", "CAST(x'fe' AS TEXT)"), ("9223372036854775807", "9.3e18"),
    ])
    func `takes no value for another one`(one: String, other: String) async throws {
        try await with(
            "CREATE TABLE t (k INTEGER PRIMARY KEY, v); CREATE TABLE bag (v)",
            old: "INSERT INTO t VALUES (1,\(one)); INSERT INTO bag VALUES (\(one))",
            new: "INSERT INTO t VALUES (1,\(other)); INSERT INTO bag VALUES (\(other))"
        ) { old, new in
            let told = try compare(old, new)

            #expect(told.counts["t"]?.changed == 1)
            #expect(told.counts["bag"]?.removed == 1 && told.counts["bag"]?.added == 1)
            #expect(try !compare(old, old).isDifferent && !compare(new, new).isDifferent)
        }
    }

    @Test func `counts rows without a key as often as they stand there`() async throws {
        try await with(
            "CREATE TABLE bag (a, b)",
            old: "INSERT INTO bag VALUES (1,'x'),(1,'x'),(1,'x'),(1.0,'x'),(NULL,NULL)",
            new: "INSERT INTO bag VALUES (NULL,NULL),(1.0,'x'),(1,'x'),(NULL,NULL)"
        ) { old, new in
            let told = try compare(old, new)

            #expect(told.lines == ["+ NULL NULL", "- 1 'x'", "- 1 'x'"])
            #expect(told.counts["bag"]?.same == 3)
        }
    }

    @Test func `knows composite keys, other collations, and keys with NULL in them`() async throws {
        try await with(
            """
            CREATE TABLE pair (b TEXT, a INTEGER, v, PRIMARY KEY (a, b)) WITHOUT ROWID;
            CREATE TABLE word (w TEXT COLLATE NOCASE PRIMARY KEY, v);
            CREATE TABLE odd (k TEXT PRIMARY KEY, v)
            """,
            old: """
                INSERT INTO pair VALUES ('x',1,1),('y',1,2),('x',2,3);
                INSERT INTO word VALUES ('b',1),('A',2),('c',3);
                INSERT INTO odd VALUES (NULL,1),(NULL,2),('k',3)
                """,
            new: """
                INSERT INTO pair VALUES ('x',1,1),('y',1,9),('x',2,3);
                INSERT INTO word VALUES ('b',1),('A',2),('C',3);
                INSERT INTO odd VALUES (NULL,2),(NULL,3),('k',4)
                """
        ) { old, new in
            let told = try compare(old, new)

            #expect(
                told.lines == [
                    "- NULL 1", "+ NULL 3", "~ 'k': v 3>4", "~ 1 'y': v 2>9", "+ 'C' 3", "- 'c' 3",
                ]
            )
        }
    }

    @Test func `tells of tables and columns that only one has, and compares the rest`() async throws
    {
        try await with(
            "CREATE TABLE eventfeed_own (v); CREATE VIEW seen AS SELECT 1",
            old: """
                CREATE TABLE gone (v); INSERT INTO gone VALUES (1),(2);
                CREATE TABLE tab (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
                CREATE TABLE other (k TEXT PRIMARY KEY, v);
                INSERT INTO tab VALUES (1,'x','y'); INSERT INTO other VALUES ('k', 1);
                INSERT INTO eventfeed_own VALUES (1)
                """,
            new: """
                CREATE TABLE fresh (v);
                CREATE TABLE TAB (id INTEGER PRIMARY KEY, A BLOB, c TEXT);
                CREATE TABLE other (k TEXT, v PRIMARY KEY);
                INSERT INTO tab VALUES (1,'z','y'); INSERT INTO other VALUES ('k', 1)
                """
        ) { old, new in
            let told = try compare(old, new)

            #expect(
                told.lines == [
                    "only old: gone, 2", "only new: fresh, 0", "key other [\"k\"] [\"v\"]",
                    "type tab.a TEXT BLOB", "only old: tab.b TEXT", "only new: tab.c TEXT",
                    "~ 1: a 'x'>'z'",
                ]
            )
            #expect(told.counts["other"]?.same == 1)
            #expect(told.counts["other"]?.isDifferent == true)
        }
    }

    @Test func `compares a full-text table, and not what it is kept in`() async throws {
        try await with(
            "CREATE VIRTUAL TABLE note USING fts5(text)",
            old: "INSERT INTO note (rowid, text) VALUES (1,'one'),(2,'two')",
            new: "INSERT INTO note (rowid, text) VALUES (1,'one'),(2,'too')"
        ) { old, new in
            let told = try compare(old, new)

            #expect(told.lines == ["~ 2: text 'two'>'too'"])
            #expect(Array(told.counts.keys) == ["note"])
        }
    }

    @Test func `counts all rows and tells of as many as it may`() async throws {
        let rows = """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO t SELECT i, i FROM n
            """
        try await with(
            "CREATE TABLE t (k INTEGER PRIMARY KEY, v)",
            old: "SELECT 1",
            new: rows
        ) { old, new in
            let told = try compare(old, new, limit: 7)

            #expect(told.lines.count == 7)
            #expect(told.counts["t"]?.added == 5_000)
        }
    }

    @Test(arguments: 1...20)
    func `agrees with a comparison of all rows in memory`(seed: Int) async throws {
        let pool = ["NULL", "0", "1", "1.0", "1.5", "'1'", "'a'", "x'61'", "-1", "''"]
        var state = UInt64(seed)
        func pick() -> String {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return pool[Int((state >> 33) % UInt64(pool.count))]
        }
        let sides = (0..<2).map { _ in (0..<40).map { _ in [pick(), pick()] } }
        func script(_ rows: [[String]]) -> String {
            rows.map { "INSERT INTO t VALUES (\($0[0]),\($0[1]))" }.joined(separator: ";")
        }
        func bag(_ rows: [[String]]) -> [[String]: Int] {
            Dictionary(rows.map { ($0, 1) }, uniquingKeysWith: +)
        }
        try await with(
            "CREATE TABLE t (a, b)",
            old: script(sides[0]),
            new: script(sides[1])
        ) { old, new in
            let (left, right) = (bag(sides[0]), bag(sides[1]))
            let same = left.reduce(0) { $0 + min($1.value, right[$1.key] ?? 0) }

            let counts = try #require(try compare(old, new, limit: 0).counts["t"])

            #expect(counts.same == Int64(same))
            #expect(counts.removed == Int64(40 - same) && counts.added == Int64(40 - same))
        }
    }

    @Test func `writes nothing, and reads while a subscriber writes`() async throws {
        try await withTemporaryDirectory { folder in
            let (old, new) = ("\(folder)/old.db", "\(folder)/new.db")
            let stores = try [old, new].map { try SQLiteReadModelStore(path: $0) }
            for store in stores {
                try await store.transaction("fill") { try EventCopy().prepare($0) }
            }
            try await stores[0].transaction("fill") {
                try $0.execute(sql: "INSERT INTO event (number, type) VALUES (1, 'A')")
            }
            func files() throws -> [String: Data] {
                try FileManager.default.contentsOfDirectory(atPath: folder)
                    // Readers take note of each other in the shared memory.
                    .filter { !$0.hasSuffix("-shm") }
                    .reduce(into: [:]) {
                        $0[$1] = FileManager.default.contents(atPath: "\(folder)/\($1)")
                    }
            }
            let before = try files()
            var written = false

            let isDifferent = try ReadModelComparison(old: old, new: new, rowLimit: 9).run {
                guard case .row = $0, !written else { return }
                // In the middle of it: what is compared does not change, and nobody waits.
                written = true
                let writer = try DatabaseQueue(path: new)
                try writer.write {
                    try $0.execute(sql: "INSERT INTO event (number, type) VALUES (1, 'A')")
                }
            }

            #expect(isDifferent && written)
            #expect(try !compare(old, new).isDifferent)
            #expect(before.keys.sorted() == (try files().keys.sorted()))
            #expect(before["old.db-wal"] == (try files()["old.db-wal"]))
            for store in stores { try store.close() }
        }
    }

    @Test func `refuses what is no read model`() async throws {
        try await withClosedStore { path in
            let missing = #expect(throws: CheckpointStoreError.self) {
                try compare(path + "x", path)
            }
            let store = #expect(throws: CheckpointStoreError.self) { try compare(path, path) }
            try Data("no database at all, but long enough to be read as one".utf8)
                .write(to: URL(filePath: path + "y"))
            let other = #expect(throws: CheckpointStoreError.self) {
                try compare(path + "y", path)
            }

            #expect(missing?.code == .missing)
            #expect(store?.code == .unsupportedSchema)
            #expect(other?.code == .notADatabase)
        }
    }
}
