import EventModel
import GRDB

/// The lists of a filter as JSON arrays for `json_each`, nil where a list matches everything.
///
/// Arrays in parameters keep the SQL text, and with it the statement cache, the same for filters of
/// any length.
struct FilterKeys {
    /// Rows of `stream`.
    private(set) var streams: String?
    /// Rows of `event_type`.
    private(set) var types: String?
    /// Categories by name.
    private(set) var categories: String?

    init(_ filter: EventFilter, _ queries: StoreQueries) throws {
        if !filter.streams.isEmpty {
            let lookup = try StreamLookup(queries.db)
            streams = Self.array(try filter.streams.compactMap { try lookup.stream($0)?.row })
        }
        if !filter.types.isEmpty {
            var rows: Set<Int64> = []
            for pattern in filter.types { rows.formUnion(try Self.rows(of: pattern, queries.db)) }
            types = Self.array(rows.sorted())
        }
        if !filter.categories.isEmpty {
            categories =
                "[" + filter.categories.map { Self.quoted($0.text) }.joined(separator: ",")
                + "]"
        }
    }

    private static func rows(of pattern: EventFilter.TypePattern, _ db: Database) throws -> [Int64]
    {
        switch pattern {
        case .exactly(let type):
            let statement = try db.cachedStatement(sql: "SELECT id FROM event_type WHERE name = ?")
            return try Int64.fetchAll(statement, arguments: [type.text])
        case .prefix:
            // The kinds of events of a system are few; comparing them here compares bytes.
            let statement = try db.cachedStatement(sql: "SELECT id, name FROM event_type")
            let rows = try Row.fetchCursor(statement)
            var found: [Int64] = []
            while let row = try rows.next() {
                if pattern.matches(EventType(stored: row[1])) { found.append(row[0]) }
            }
            return found
        }
    }

    private static func array(_ rows: [Int64]) -> String {
        "[" + rows.map(String.init).joined(separator: ",") + "]"
    }

    /// A name as a JSON string; names contain no control characters.
    private static func quoted(_ text: String) -> String {
        // By bytes: as a Character, a backslash with a combining accent is no backslash.
        var bytes = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }
}
