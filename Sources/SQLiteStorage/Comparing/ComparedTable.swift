import GRDB

/// A table as its database describes it, as far as that counts in a comparison.
struct ComparedTable {
    /// One column.
    struct Column: Hashable {
        let name: String
        /// What was declared; may be empty.
        let type: String
        /// Its place in the primary key, from 1; 0 outside it.
        let keyPlace: Int
        let isNotNull: Bool

        /// What the name is compared by: SQLite's names are the same in upper and lower case.
        var id: String { name.lowercased() }
    }

    let name: String
    let columns: [Column]
    /// Whether it is the table of a module, such as FTS5, whose rows have nothing but a row id.
    let isVirtual: Bool
    private let isWithoutRowid: Bool

    var id: String { name.lowercased() }

    /// The columns of the primary key in its order; empty where there is none.
    var key: [Column] {
        columns.filter { $0.keyPlace > 0 }.sorted { $0.keyPlace < $1.keyPlace }
    }

    /// The names of what identifies a row; the row id in the table of a module.
    var keyNames: [String] { isVirtual ? ["rowid"] : key.map(\.name) }

    /// Whether two rows may have the same key, since SQLite lets `NULL` into most of them.
    var mayLackKey: Bool {
        let key = key
        guard !isWithoutRowid, !isVirtual else { return false }
        if key.count == 1, key[0].type.uppercased() == "INTEGER" { return false }
        return key.isEmpty || key.contains { !$0.isNotNull }
    }

    /// The tables of a database that belong to a read model, by name; neither the bookkeeping of
    /// subscriptions and of SQLite nor what a module keeps its own tables in.
    ///
    /// - Throws: `DatabaseError`.
    static func all(in db: Database) throws -> [ComparedTable] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT name, type, wr FROM pragma_table_list
                WHERE schema = 'main' AND type IN ('table', 'virtual')
                    AND lower(substr(name, 1, 7)) <> 'sqlite_'
                    AND lower(substr(name, 1, 10)) <> 'eventfeed_'
                ORDER BY lower(name)
                """
        ).map { row in
            let name: String = row["name"]
            return ComparedTable(
                name: name,
                columns: try columns(of: name, db),
                isVirtual: row["type"] == "virtual",
                isWithoutRowid: row["wr"]
            )
        }
    }

    private static func columns(of table: String, _ db: Database) throws -> [Column] {
        try Row.fetchAll(
            db,
            // Hidden are the arguments of a virtual table (1); generated columns (2, 3) are not.
            sql: """
                SELECT name, type, pk, "notnull" FROM pragma_table_xinfo(?)
                WHERE hidden <> 1 ORDER BY cid
                """,
            arguments: [table]
        ).map { row in
            Column(
                name: row["name"],
                type: row["type"],
                keyPlace: row["pk"],
                isNotNull: row["notnull"]
            )
        }
    }
}
