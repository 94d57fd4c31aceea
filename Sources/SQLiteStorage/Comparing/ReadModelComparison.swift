import GRDB
import Subscriptions

/// Compares the tables of two read models, row by row.
///
/// Values are the same only if their types are: `1`, `1.0` and `'1'` are three values, and a text
/// is compared by its bytes. Rows with a primary key are compared by it; rows without one as a
/// collection in which the same row may stand several times. Tables whose names begin with
/// `eventfeed_` or `sqlite_`, views, and the tables in which modules such as FTS5 keep theirs are
/// left out.
///
/// Both files are opened only to be read, each as it is at one moment, so that their subscribers
/// may write meanwhile. Two rows are in memory at a time, however large the tables are; a table
/// without a primary key is sorted by SQLite in a temporary file.
public struct ReadModelComparison: Sendable {
    /// The file that is compared with.
    public let old: String
    /// The file that is compared.
    public let new: String
    /// Rows that are told of in each table at the most; all are counted.
    public let rowLimit: Int

    /// Names two files; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - old: The file that is compared with.
    ///   - new: The file that is compared.
    ///   - rowLimit: Rows that are told of in each table at the most, 0 or more.
    public init(old: String, new: String, rowLimit: Int) {
        self.old = old
        self.new = new
        self.rowLimit = max(0, rowLimit)
    }

    /// Compares, table by table in the order of their names.
    ///
    /// - Parameter tell: Takes what is found, as it is found.
    /// - Returns: Whether anything differs; how far the read models are is no difference.
    /// - Throws: `CheckpointStoreError`: `missing`, `notADatabase`, `unsupportedSchema` for an
    ///   event store, `corrupt`, `busy`, `io`; what `tell` throws.
    public func run(_ tell: (ComparisonFinding) throws -> Void) throws -> Bool {
        try Self.reading(old) { old in
            try Self.reading(new) { new in
                try compare(old, new, tell)
            }
        }
    }

    /// A database that is open, with what is needed to say what went wrong with it.
    private struct OpenFile {
        let db: Database
        let trouble: ReadModelTrouble
        let checkpoint: Checkpoint?
        let tables: [ComparedTable]

        /// Reads the description first: that is when the view of the file is fixed.
        init(_ db: Database, _ trouble: ReadModelTrouble) throws {
            self.db = db
            self.trouble = trouble
            try ReadModelSchema.inspect(db, path: trouble.path)
            guard try String.fetchOne(db, sql: "PRAGMA encoding") == "UTF-8" else {
                throw CheckpointStoreError(
                    .unsupportedSchema,
                    "\(trouble.path) keeps text in UTF-16, which is not compared: copy it to a "
                        + "database with PRAGMA encoding = 'UTF-8'"
                )
            }
            let isFollowed = try ReadModelSchema.found(db) != nil
            checkpoint =
                isFollowed ? try CheckpointRow.load(db, path: trouble.path)?.checkpoint : nil
            tables = try ComparedTable.all(in: db)
        }
    }

    private static func reading<Value>(_ path: String, _ body: (OpenFile) throws -> Value) throws
        -> Value
    {
        guard DatabaseFile.hasContent(path) else {
            throw CheckpointStoreError(.missing, "there is no read model at \(path)")
        }
        let trouble = ReadModelTrouble(path: path)
        return try trouble.translating("cannot read") {
            try ReadModelFile.reading(path) { try body(OpenFile($0, trouble)) }
        }
    }

    private func compare(
        _ old: OpenFile,
        _ new: OpenFile,
        _ tell: (ComparisonFinding) throws -> Void
    ) throws -> Bool {
        try tell(.began(old: old.checkpoint, new: new.checkpoint))
        var isDifferent = false
        let pairs = Dictionary(uniqueKeysWithValues: new.tables.map { ($0.id, $0) })
        let known = Set(old.tables.map(\.id))
        for (side, file, tables) in [
            (ComparisonFinding.Side.old, old, old.tables.filter { pairs[$0.id] == nil }),
            (.new, new, new.tables.filter { !known.contains($0.id) }),
        ] {
            for table in tables {
                isDifferent = true
                let rows = try Self.count(table.name, in: file)
                try tell(.tableOnly(in: side, table: table.name, rows: rows))
            }
        }
        for table in old.tables {
            guard let other = pairs[table.id] else { continue }
            let shape = TableShape(table, other)
            for difference in shape.differences { try tell(difference) }
            var counts = TableCounts(table: table.name)
            counts.hasOtherColumns = !shape.differences.isEmpty
            try count(shape, old, new, into: &counts) { try tell(.row($0)) }
            try tell(.counts(counts))
            isDifferent = isDifferent || counts.isDifferent
        }
        return isDifferent
    }

    private static func count(_ table: String, in file: OpenFile) throws -> Int64 {
        try file.trouble.translating("cannot read table \(table) of") {
            try Int64.fetchOne(
                file.db,
                sql: "SELECT count(*) FROM main.\(table.quotedName)"
            ) ?? 0
        }
    }

    /// Walks through the rows of both sides in one order.
    private func count(
        _ shape: TableShape,
        _ old: OpenFile,
        _ new: OpenFile,
        into counts: inout TableCounts,
        _ tell: (RowDifference) throws -> Void
    ) throws {
        guard let plan = shape.plan else {
            // Not one column in common: no row can be the same.
            counts.removed = try Self.count(shape.old.name, in: old)
            counts.added = try Self.count(shape.new.name, in: new)
            return
        }
        let table = shape.old.name
        let oldRows = try SortedRows(plan, of: table, in: old.db, old.trouble)
        let newRows = try SortedRows(plan, of: shape.new.name, in: new.db, new.trouble)
        var left = try oldRows.next()
        var right = try newRows.next()
        while left != nil || right != nil {
            let kind: RowDifference.Kind?
            switch plan.order(left, right) {
            case .before:
                kind = .removed(plan.named(left ?? []))
                counts.removed += 1
                left = try oldRows.next()
            case .after:
                kind = .added(plan.named(right ?? []))
                counts.added += 1
                right = try newRows.next()
            case .same:
                kind = plan.change(from: left ?? [], to: right ?? [])
                if kind == nil { counts.same += 1 } else { counts.changed += 1 }
                left = try oldRows.next()
                right = try newRows.next()
            }
            guard let kind, counts.differing <= rowLimit else { continue }
            try tell(RowDifference(table: table, kind: kind))
        }
    }
}

extension RowPlan {
    /// How the next rows of both sides stand to each other; a side that has ended comes after.
    fileprivate func order(_ left: [StoredValue]?, _ right: [StoredValue]?) -> StoredValue.Order {
        guard let left else { return .after }
        guard let right else { return .before }
        return order(left, right)
    }

    /// The values of a row with the names of their columns.
    fileprivate func named(_ row: [StoredValue]) -> [RowDifference.Value] {
        zip(columns, row).map { RowDifference.Value(column: $0, value: $1) }
    }

    /// What differs between two rows that stand at the same place; nil where nothing does.
    fileprivate func change(from old: [StoredValue], to new: [StoredValue]) -> RowDifference.Kind? {
        guard old != new else { return nil }
        let changes = zip(columns, zip(old, new)).compactMap { column, values in
            values.0 == values.1
                ? nil : RowDifference.Change(column: column, old: values.0, new: values.1)
        }
        return .changed(key: Array(old.prefix(keyCount)), changes)
    }
}
