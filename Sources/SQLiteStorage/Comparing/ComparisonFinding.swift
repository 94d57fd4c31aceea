public import Subscriptions

/// One thing that a comparison of two read models found.
public enum ComparisonFinding: Hashable, Sendable {
    /// One of the two files.
    public enum Side: Hashable, Sendable {
        /// The file that was named first.
        case old
        /// The file that was named second.
        case new
    }

    /// How far each read model is; nil where no subscription has written to it. It comes first.
    case began(old: Checkpoint?, new: Checkpoint?)
    /// A table that only one has, with the number of its rows.
    case tableOnly(in: Side, table: String, rows: Int64)
    /// A column that only one has; its values are not compared.
    case columnOnly(in: Side, table: String, column: String, type: String)
    /// A column that was declared with another type.
    case columnType(table: String, column: String, old: String, new: String)
    /// Another primary key: rows are compared as wholes.
    case primaryKey(table: String, old: [String], new: [String])
    /// A row that differs.
    case row(RowDifference)
    /// The counts of a table that both have, after its rows.
    case counts(TableCounts)
}

/// A row that only one read model has, or that has other values in the other one.
public struct RowDifference: Hashable, Sendable {
    /// A column's name and its value.
    public struct Value: Hashable, Sendable {
        /// The column.
        public let column: String
        /// What it holds.
        public let value: StoredValue
    }

    /// A column of one row with its two values.
    public struct Change: Hashable, Sendable {
        /// The column.
        public let column: String
        /// What it holds in the old file.
        public let old: StoredValue
        /// What it holds in the new file.
        public let new: StoredValue
    }

    /// What is different.
    public enum Kind: Hashable, Sendable {
        /// Only the old file has it.
        case removed([Value])
        /// Only the new file has it.
        case added([Value])
        /// Both have a row with this primary key; these columns differ.
        case changed(key: [StoredValue], [Change])
    }

    /// The table.
    public let table: String
    /// What is different.
    public let kind: Kind
}

/// How many rows of a table are the same and how many are not.
public struct TableCounts: Hashable, Sendable {
    /// The table.
    public let table: String
    /// Rows that are the same in every value and type.
    public internal(set) var same: Int64 = 0
    /// Rows that only the old file has.
    public internal(set) var removed: Int64 = 0
    /// Rows that only the new file has.
    public internal(set) var added: Int64 = 0
    /// Rows with the same primary key and other values.
    public internal(set) var changed: Int64 = 0
    /// Whether columns or the primary key differ.
    public internal(set) var hasOtherColumns = false

    init(table: String) {
        self.table = table
    }

    /// Rows that differ.
    public var differing: Int64 { removed + added + changed }
    /// Whether anything of the table differs.
    public var isDifferent: Bool { hasOtherColumns || differing > 0 }
}
