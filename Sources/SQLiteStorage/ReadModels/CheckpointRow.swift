import EventModel
import GRDB
import Subscriptions

/// The one row of `eventfeed_checkpoint`.
struct CheckpointRow {
    let terms: SubscriptionTerms
    let checkpoint: Checkpoint?
    let updatedAt: Timestamp?

    /// Reads the row; nil where no subscription ever began.
    ///
    /// - Throws: `CheckpointStoreError` with code `corrupt`; `DatabaseError`.
    static func load(_ db: Database, path: String) throws -> CheckpointRow? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT filter, source, started_after, number, epoch, chain, updated_at
                FROM eventfeed_checkpoint WHERE row = 1
                """
        )
        guard let row = try Row.fetchOne(statement) else { return nil }
        guard let filter = EventFilter(lines: row["filter"]),
            let startAfter = EventNumber(rawValue: row["started_after"])
        else { throw corrupt(path) }
        return CheckpointRow(
            terms: SubscriptionTerms(
                filter: filter,
                models: try ModelRows.load(db),
                source: row["source"],
                startAfter: startAfter
            ),
            checkpoint: try checkpoint(in: row, path: path),
            updatedAt: (row["updated_at"] as String?).flatMap { Timestamp(rfc3339: $0) }
        )
    }

    /// Keeps the terms where they are new, and compares them where they are not.
    static func begin(_ terms: SubscriptionTerms, _ db: Database, path: String) throws
        -> Checkpoint?
    {
        let found = try load(db, path: path)
        if let found, let checkpoint = found.checkpoint {
            try compare(terms, with: found.terms, checkpoint, path: path)
            if terms.source != found.terms.source {
                try db.execute(
                    sql: "UPDATE eventfeed_checkpoint SET source = ?",
                    arguments: [terms.source]
                )
            }
            return checkpoint
        }
        // Nothing was applied yet: whoever comes may still choose.
        try db.execute(
            sql: """
                INSERT INTO eventfeed_checkpoint (row, filter, source, started_after)
                VALUES (1, ?, ?, ?)
                ON CONFLICT (row) DO UPDATE SET filter = excluded.filter,
                    source = excluded.source, started_after = excluded.started_after
                """,
            arguments: [terms.filter.lines, terms.source, terms.startAfter.rawValue]
        )
        try ModelRows.replace(with: terms.models, db)
        return nil
    }

    /// Replaces the checkpoint, if it still is `old`.
    ///
    /// - Throws: `CheckpointStoreError` with code `conflict`; `DatabaseError`.
    static func advance(
        from old: Checkpoint?,
        to new: Checkpoint,
        _ db: Database,
        path: String
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE eventfeed_checkpoint
                SET number = ?, epoch = ?, chain = ?, updated_at = ?
                WHERE row = 1 AND number IS ? AND epoch IS ? AND chain IS ?
                """
        )
        try statement.execute(
            arguments: [
                new.number.rawValue, new.epoch.description, new.chain.description,
                Timestamp.now().description, old?.number.rawValue, old?.epoch.description,
                old?.chain.description,
            ]
        )
        guard db.changesCount == 1 else {
            let found = try load(db, path: path)?.checkpoint
            throw CheckpointStoreError(
                .conflict,
                "the checkpoint in \(path) is \(words(found)), not \(words(old)) as expected: "
                    + "somebody else moved it; nothing was changed"
            )
        }
    }

    private static func compare(
        _ terms: SubscriptionTerms,
        with found: SubscriptionTerms,
        _ checkpoint: Checkpoint,
        path: String
    ) throws {
        guard terms.models.isEmpty == found.models.isEmpty else {
            throw CheckpointStoreError(
                .modelChanged,
                "the checkpoint in \(path) at event \(checkpoint.number) belongs to "
                    + "\(words(found.models)), not to \(words(terms.models)): use another file"
            )
        }
        if let difference = found.models.difference(from: terms.models) {
            throw CheckpointStoreError(
                .modelChanged,
                "the rows in \(path) up to event \(checkpoint.number) were made by another "
                    + "definition: \(difference); make them anew with eventfeed rebuild, or use "
                    + "another file"
            )
        }
        guard terms.filter.lines == found.filter.lines else {
            throw CheckpointStoreError(
                .filterChanged,
                "the checkpoint in \(path) at event \(checkpoint.number) was made with the filter "
                    + "\(words(found.filter)), not with \(words(terms.filter)): events would be "
                    + "missing; use the same filter, or another file to start again"
            )
        }
    }

    private static func checkpoint(in row: Row, path: String) throws -> Checkpoint? {
        guard let number = row["number"] as Int64? else { return nil }
        guard let number = EventNumber(rawValue: number),
            let epoch = Epoch(row["epoch"] as String),
            let chain = ChainDigest(hex: row["chain"] as String)
        else { throw corrupt(path) }
        return Checkpoint(number: number, epoch: epoch, chain: chain)
    }

    private static func corrupt(_ path: String) -> CheckpointStoreError {
        CheckpointStoreError(
            .corrupt,
            "the checkpoint in \(path) cannot have been written by this software: restore the file "
                + "from a backup, or start again with another file"
        )
    }

    private static func words(_ checkpoint: Checkpoint?) -> String {
        checkpoint?.description ?? "none"
    }

    private static func words(_ models: [ReadModelDefinition]) -> String {
        models.isEmpty
            ? "a handler" : "read model \(models.map(\.name).joined(separator: ", "))"
    }

    private static func words(_ filter: EventFilter) -> String {
        filter.isEverything
            ? "'everything'" : "'\(filter.lines.replacing("\n", with: ", "))'"
    }
}
