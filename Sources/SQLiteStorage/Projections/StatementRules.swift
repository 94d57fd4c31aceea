private import GRDBSQLite

/// What a statement of a projection may do.
enum StatementRules {
    /// Functions whose result is another one each time, and one that loads code.
    static let forbiddenFunctions: Set<String> = [
        "random", "randomblob", "current_timestamp", "current_date", "current_time",
        "load_extension", "fts3_tokenizer",
    ]
    /// Tables that every database has, and that tell about the file instead of its rows.
    private static let systemTables: Set<String> = [
        "dbstat", "sqlite_dbpage", "sqlite_stmt", "bytecode", "tables_used",
    ]
    /// What to write instead of a statement that begins with one of these words; whatever else is
    /// not allowed, the authorizer refuses.
    private static let instead: [String: String] = [
        "begin": "each batch is one transaction already",
        "commit": "each batch is one transaction already",
        "end": "each batch is one transaction already",
        "rollback": "each batch is one transaction already",
        "savepoint": "each batch is one transaction already",
        "release": "each batch is one transaction already",
        "drop": "setup runs once, in a database without these tables: leave it out",
        "alter": "write CREATE TABLE as the table is to be",
        "attach": "a projection has one database",
        "detach": "a projection has one database",
        "pragma": "the file's settings belong to the subscriber",
        "vacuum": "run it with sqlite3 while nobody subscribes",
        "analyze": "run it with sqlite3 while nobody subscribes",
        "reindex": "run it with sqlite3 while nobody subscribes",
        "explain": "remove it",
    ]

    /// Why an action is refused; nil where it is allowed.
    ///
    /// - Parameters:
    ///   - action: SQLite's code of the action.
    ///   - first: Its first argument, mostly the table.
    ///   - second: Its second argument.
    ///   - database: The database that it concerns.
    /// - Returns: What to write instead; nil where nothing speaks against it.
    static func refusal(
        of action: Int32,
        _ first: String?,
        _ second: String?,
        database: String?
    ) -> String? {
        if database == "temp" {
            return "temporary tables, views and triggers are not allowed: write CREATE without TEMP"
        }
        if let database, database != "main" {
            return "only tables of the projection's own database may be used, not those of "
                + database
        }
        switch action {
        case SQLITE_SELECT, SQLITE_RECURSIVE:
            return nil
        case SQLITE_FUNCTION:
            return function(second)
        case SQLITE_READ, SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE, SQLITE_CREATE_TABLE,
            SQLITE_CREATE_VIEW, SQLITE_REINDEX:
            return reserved(first)
        case SQLITE_CREATE_INDEX, SQLITE_CREATE_TRIGGER:
            return reserved(first) ?? reserved(second)
        case SQLITE_CREATE_VTABLE:
            guard second?.lowercased() == "fts5" else {
                return "virtual tables other than FTS5 are not allowed"
            }
            return reserved(first)
        default:
            return "this is not allowed: a projection may read, write and create in its own "
                + "database and nothing else"
        }
    }

    private static func function(_ name: String?) -> String? {
        guard let name, forbiddenFunctions.contains(name.lowercased()) else { return nil }
        return forbidden(name)
    }

    /// Why a function is refused, by its name.
    static func forbidden(_ name: String) -> String {
        ["load_extension", "fts3_tokenizer"].contains(name.lowercased())
            ? "\(name) is not allowed"
            : "\(name) is not allowed, since a rebuild must give the same rows: take what the "
                + "event says, such as :recorded_at or :id"
    }

    /// Why a table may not be used, by its name; nil where it may.
    static func reserved(_ table: String?) -> String? {
        guard let table = table?.lowercased() else { return nil }
        // The table-valued form of PRAGMA (<https://www.sqlite.org/pragma.html#pragfunc>).
        if table.hasPrefix("pragma_") { return "PRAGMA is not allowed in any form" }
        if systemTables.contains(table) {
            return "\(table) tells about the file and not about events: it is not allowed"
        }
        guard table.hasPrefix("eventfeed_") || table == "eventfeed" else { return nil }
        return "names that begin with eventfeed belong to the subscriber: use another one than "
            + table
    }

    /// Why a statement may not begin as it does, with the byte; nil where it may, or where there is
    /// none.
    static func refusal(ofBeginning text: [UInt8], at start: Int)
        -> (place: Int, message: String)?
    {
        var tokens = SQLTokenizer(text, from: start)
        var token = tokens.next()
        while let blank = token, blank.isBlank || text[blank.range] == [UInt8(ascii: ";")] {
            token = tokens.next()
        }
        guard let token, token.kind == .word else { return nil }
        let word = String(decoding: text[token.range], as: UTF8.self).lowercased()
        guard let advice = instead[word] else { return nil }
        return (token.range.lowerBound, "\(word.uppercased()) is not allowed: \(advice)")
    }
}
