private import GRDBSQLite

/// What a statement of a projection may do.
enum StatementRules {
    /// Functions whose result is another one each time, and one that loads code.
    private static let forbiddenFunctions: Set<String> = [
        "random", "randomblob", "current_timestamp", "current_date", "current_time",
        "load_extension",
    ]
    /// Functions that read the clock when they are asked for `now`, or for nothing.
    private static let dateFunctions: Set<String> = [
        "date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff",
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

    private static func forbidden(_ name: String) -> String {
        name.lowercased() == "load_extension"
            ? "load_extension is not allowed"
            : "\(name) is not allowed, since a rebuild must give the same rows: take what the "
                + "event says, such as :recorded_at or :id"
    }

    private static func reserved(_ table: String?) -> String? {
        guard let table = table?.lowercased() else { return nil }
        // The table-valued form of PRAGMA (<https://www.sqlite.org/pragma.html#pragfunc>).
        if table.hasPrefix("pragma_") { return "PRAGMA is not allowed in any form" }
        guard table.hasPrefix("eventfeed_") else { return nil }
        return "names that begin with eventfeed_ belong to the subscriber: use another one than "
            + table
    }

    /// What can be said of a statement by its words alone.
    struct Reading {
        /// Why it is refused, with the byte.
        var refusal: (place: Int, message: String)?
        /// What is doubtful, with the byte.
        var warnings: [(place: Int, message: String)] = []
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

    /// Reads a statement for what SQLite does not tell an authorizer: what stands in `DEFAULT`,
    /// and `now`.
    static func read(_ text: [UInt8]) -> Reading {
        var reading = Reading()
        let tokens = SQLTokenizer(text).filter { !$0.isBlank }
        let words = tokens.map { name(of: $0, in: text) }
        let hasNow = tokens.contains {
            $0.kind == .literal
                && String(decoding: text[$0.range], as: UTF8.self).lowercased()
                    .filter { $0 != " " } == "'now'"
        }
        for (index, token) in tokens.enumerated() {
            guard let word = words[index] else { continue }
            let isCall = index + 1 < tokens.count && text[tokens[index + 1].range] == [0x28]
            if forbiddenFunctions.contains(word),
                isCall || (word.hasPrefix("current_") && token.kind == .word),
                reading.refusal == nil
            {
                reading.refusal = (token.range.lowerBound, forbidden(word))
            }
            if isCall, dateFunctions.contains(word),
                hasNow || asksForNow(word, Array(tokens[(index + 2)...]), in: text)
            {
                reading.warnings.append(
                    (
                        token.range.lowerBound,
                        "\(word) seems to read the clock: a rebuild gives other rows; take "
                            + ":recorded_at or what the event's data says"
                    )
                )
            }
        }
        return reading
    }

    /// Whether a date function is called without a time, which means now.
    private static func asksForNow(_ word: String, _ rest: [SQLToken], in text: [UInt8]) -> Bool {
        guard let first = rest.first else { return false }
        if text[first.range] == [0x29] { return word != "strftime" && word != "timediff" }
        guard word == "strftime" else { return false }
        var depth = 0
        for token in rest where token.kind == .symbol {
            switch text[token.range] {
            case [0x28]: depth += 1
            case [0x29] where depth == 0: return true
            case [0x29]: depth -= 1
            case [0x2C] where depth == 0: return false
            default: break
            }
        }
        return false
    }

    /// A word or a name in quotes, in lower case; nil for anything else.
    private static func name(of token: SQLToken, in text: [UInt8]) -> String? {
        switch token.kind {
        case .word:
            return String(decoding: text[token.range], as: UTF8.self).lowercased()
        case .quotedName:
            return String(decoding: text[token.range].dropFirst().dropLast(), as: UTF8.self)
                .lowercased()
        default:
            return nil
        }
    }
}
