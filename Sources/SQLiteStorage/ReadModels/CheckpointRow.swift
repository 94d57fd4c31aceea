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
                SELECT model, filter, source, started_after, number, epoch, chain, updated_at
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
                model: row["model"],
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
                INSERT INTO eventfeed_checkpoint (row, model, filter, source, started_after)
                VALUES (1, ?, ?, ?, ?)
                ON CONFLICT (row) DO UPDATE SET model = excluded.model, filter = excluded.filter,
                    source = excluded.source, started_after = excluded.started_after
                """,
            arguments: [
                terms.model, terms.filter.lines, terms.source, terms.startAfter.rawValue,
            ]
        )
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
        guard terms.model == found.model else {
            throw CheckpointStoreError(
                .modelChanged,
                "the checkpoint in \(path) at event \(checkpoint.number) belongs to "
                    + "\(words(model: found.model)), not to \(words(model: terms.model)): "
                    + "use another file"
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

    private static func words(model: String?) -> String {
        model.map { "read model \($0)" } ?? "a handler"
    }

    private static func words(_ filter: EventFilter) -> String {
        filter.isEverything
            ? "'everything'" : "'\(filter.lines.replacing("\n", with: ", "))'"
    }
}
