import Foundation
import GRDB
import Subscriptions

/// What is read of a table, and in which order.
struct RowPlan {
    /// The names of the columns that identify a row, then of all others.
    let columns: [String]
    /// How many of them are the key; 0 where rows have none.
    let keyCount: Int
    /// Whether the key leaves the order open, so that all other columns decide.
    let ordersByAll: Bool

    /// The statement for a table with these columns.
    ///
    /// Every term has the collation `BINARY`, so that the order is the one that values have here.
    /// A primary key with that collation is read along its index; whatever else SQLite sorts, it
    /// sorts in bounded memory and a temporary file.
    func sql(for table: String) -> String {
        let names = columns.map(\.quotedName)
        var terms = names.prefix(ordersByAll ? names.count : keyCount).map {
            "\($0) COLLATE BINARY"
        }
        if ordersByAll { terms += names.map { "typeof(\($0))" } }
        return "SELECT \(Self.letters(of: names[...])), \(names.joined(separator: ", ")) "
            + "FROM main.\(table.quotedName) "
            + "ORDER BY \(terms.joined(separator: ", "))"
    }

    /// The first letters of all types as one text, put together in halves: SQLite limits how deep
    /// an expression may be.
    private static func letters(of names: ArraySlice<String>) -> String {
        guard names.count > 1 else {
            return names.first.map { "substr(typeof(\($0)), 1, 1)" } ?? "''"
        }
        let middle = names.startIndex + names.count / 2
        return "(\(letters(of: names[..<middle])) || \(letters(of: names[middle...])))"
    }

    /// How two rows stand to each other in the order of the statement; rows with one key are the
    /// same here, whatever else they hold.
    func order(_ left: [StoredValue], _ right: [StoredValue]) -> StoredValue.Order {
        for index in 0..<keyCount {
            let order = left[index].order(to: right[index])
            if order != .same { return order }
        }
        // SQLite lets several rows have a key with NULL in it, which then is none.
        guard keyCount == 0 || left.prefix(keyCount).contains(.null) else { return .same }
        for index in keyCount..<columns.count {
            let order = left[index].order(to: right[index])
            if order != .same { return order }
        }
        for (left, right) in zip(left, right) where left.typeLetter != right.typeLetter {
            return left.typeLetter < right.typeLetter ? .before : .after
        }
        return .same
    }
}

/// The rows of a table in the order of a plan, one at a time.
struct SortedRows {
    private let rows: RowCursor
    private let count: Int
    private let trouble: ReadModelTrouble

    init(_ plan: RowPlan, of table: String, in db: Database, _ trouble: ReadModelTrouble) throws {
        self.trouble = trouble
        count = plan.columns.count
        rows = try trouble.translating("cannot read table \(table) of") {
            try Row.fetchCursor(db, sql: plan.sql(for: table))
        }
    }

    /// The next row; nil after the last.
    ///
    /// - Throws: `CheckpointStoreError`.
    func next() throws -> [StoredValue]? {
        try trouble.translating("cannot read") {
            guard let row = try rows.next() else { return nil }
            return try row.withUnsafeData(atIndex: 0) { letters in
                try (0..<count).map { index in
                    let letter = letters.map { $0[$0.startIndex + index] }
                    return try Self.value(in: row, at: index + 1, letter)
                }
            }
        }
    }

    private static func value(in row: Row, at index: Int, _ letter: UInt8?) throws -> StoredValue {
        switch letter {
        case UInt8(ascii: "i"): .integer(row[index])
        case UInt8(ascii: "r"): .real(row[index])
        case UInt8(ascii: "t"): .text(try bytes(in: row, at: index))
        case UInt8(ascii: "b"): .blob(try bytes(in: row, at: index))
        default: .null
        }
    }

    /// The bytes as they are: a `String` would end at U+0000 and mend what is no UTF-8.
    private static func bytes(in row: Row, at index: Int) throws -> [UInt8] {
        try row.withUnsafeData(atIndex: index) { Array($0 ?? Data()) }
    }
}
