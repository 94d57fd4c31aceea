private import GRDBSQLite

/// A database in memory on which the statements of projections are prepared under an authorizer
/// that allows reading, writing and creating in `main` and nothing else
/// (<https://www.sqlite.org/c3ref/set_authorizer.html>).
///
/// It is SQLite's own interface and not GRDB's, whose connections have an authorizer already.
final class VettingConnection {
    /// A statement that SQLite cut off the front of a text.
    struct Cut {
        /// Where the statement is, in bytes of the text.
        let range: Range<Int>
        /// Its parameters in the order of their places, as they are written; nil for `?`.
        let parameters: [String?]
        /// Whether it changes nothing.
        let isReadOnly: Bool
    }

    /// What speaks against a statement.
    struct Refusal: Error {
        /// Where, in bytes of the text; nil for the statement as a whole.
        let place: Int?
        let message: String
    }

    /// What the authorizer refused, told through a pointer.
    private final class Verdict {
        var refusal: String?
    }

    private let connection: OpaquePointer
    private let verdict = Verdict()

    /// Opens a database that has the tables of the bookkeeping, so that their use is found out.
    ///
    /// - Throws: ``Refusal`` where SQLite cannot.
    init() throws(Refusal) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(":memory:", &opened, flags, nil) == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw Refusal(place: nil, message: "SQLite has no memory for a database")
        }
        connection = opened
        for table in ReadModelSchema.tables {
            try execute("CREATE TABLE \(table) (reserved)")
        }
        // As when it is run for good: references count, and what cannot be in a transaction fails
        // here too. 64 MiB are enough for any setup.
        try execute("PRAGMA foreign_keys = ON")
        try execute("PRAGMA max_page_count = \((64 << 20) / 4_096)")
        try execute("BEGIN")
    }

    deinit {
        sqlite3_close_v2(connection)
    }

    /// Runs a text of ours.
    private func execute(_ sql: String) throws(Refusal) {
        guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else {
            throw Refusal(place: nil, message: lastMessage)
        }
    }

    /// Prepares the statements of a text one after another, and may run them.
    ///
    /// - Parameters:
    ///   - text: SQL.
    ///   - runsWithin: How long each may run; nil prepares alone.
    ///   - objection: What speaks against a statement by its words, given its text and where that
    ///     begins.
    /// - Returns: The statements.
    /// - Throws: ``Refusal`` at the first that cannot be allowed.
    func cut(
        _ text: [UInt8],
        runsWithin: Duration?,
        _ objection: (_ statement: [UInt8], _ start: Int) -> Refusal?
    ) throws(Refusal) -> [Cut] {
        var cuts: [Cut] = []
        var start = 0
        while start < text.count {
            if let refusal = StatementRules.refusal(ofBeginning: text, at: start) {
                throw Refusal(place: refusal.place, message: refusal.message)
            }
            let (statement, end) = try prepare(text, from: start)
            guard let statement else {
                start = end
                continue
            }
            defer { sqlite3_finalize(statement) }
            if let refusal = objection(Array(text[start..<end]), start) { throw refusal }
            if sqlite3_stmt_isexplain(statement) != 0 {
                throw Refusal(place: start, message: "EXPLAIN does nothing: remove it")
            }
            cuts.append(
                Cut(
                    range: start..<end,
                    parameters: Self.parameters(of: statement),
                    isReadOnly: sqlite3_stmt_readonly(statement) != 0
                )
            )
            if let runsWithin {
                let word = start + Self.blankBytes(text, from: start)
                try run(statement, at: word, within: runsWithin)
            }
            start = end
        }
        return cuts
    }

    /// Prepares the statement that begins at a place; nil where only comments are left.
    private func prepare(_ text: [UInt8], from start: Int) throws(Refusal)
        -> (statement: OpaquePointer?, end: Int)
    {
        verdict.refusal = nil
        sqlite3_set_authorizer(
            connection,
            { context, action, first, second, database, trigger in
                guard let context else { return SQLITE_DENY }
                let verdict = Unmanaged<Verdict>.fromOpaque(context).takeUnretainedValue()
                func text(_ value: UnsafePointer<CChar>?) -> String? {
                    value.map { String(cString: $0) }
                }
                let refusal = StatementRules.refusal(
                    of: action,
                    text(first),
                    text(second),
                    database: text(database)
                )
                guard let refusal else { return SQLITE_OK }
                if verdict.refusal == nil { verdict.refusal = refusal }
                return SQLITE_DENY
            },
            // Alive as long as this object, which outlives the call.
            Unmanaged.passUnretained(verdict).toOpaque()
        )
        // What runs later prepares statements of its own, as FTS5 does: the authorizer is for
        // those of the file.
        defer { sqlite3_set_authorizer(connection, nil, nil) }
        var statement: OpaquePointer?
        var end = text.count
        let code = text.withUnsafeBytes { buffer -> Int32 in
            guard let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else {
                return SQLITE_OK
            }
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(
                connection,
                base + start,
                Int32(buffer.count - start),
                &statement,
                &tail
            )
            if let tail { end = tail - base }
            return code
        }
        guard code == SQLITE_OK else {
            let place = sqlite3_error_offset(connection)
            sqlite3_finalize(statement)
            throw Refusal(
                place: start + (place >= 0 ? Int(place) : Self.blankBytes(text, from: start)),
                message: verdict.refusal ?? lastMessage
            )
        }
        return (statement, max(end, start + 1))
    }

    /// Bytes before the first token that says something.
    private static func blankBytes(_ text: [UInt8], from start: Int) -> Int {
        var tokens = SQLTokenizer(text, from: start)
        var token = tokens.next()
        while let blank = token, blank.isBlank { token = tokens.next() }
        return (token?.range.lowerBound ?? start) - start
    }

    private func run(_ statement: OpaquePointer, at start: Int, within limit: Duration)
        throws(Refusal)
    {
        let code = TimeLimit(limit).watching(connection) {
            var code = SQLITE_ROW
            while code == SQLITE_ROW { code = sqlite3_step(statement) }
            return code
        }
        guard code == SQLITE_DONE else {
            throw Refusal(
                place: start,
                message: code == SQLITE_INTERRUPT
                    ? "this ran longer than \(limit), the limit of a statement" : lastMessage
            )
        }
    }

    private static func parameters(of statement: OpaquePointer) -> [String?] {
        let count = sqlite3_bind_parameter_count(statement)
        guard count > 0 else { return [] }
        return (1...count).map { index in
            sqlite3_bind_parameter_name(statement, index).map { String(cString: $0) }
        }
    }

    private var lastMessage: String { String(cString: sqlite3_errmsg(connection)) }
}
