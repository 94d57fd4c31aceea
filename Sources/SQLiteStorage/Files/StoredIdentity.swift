import EventModel
import Foundation
import GRDB

/// The one row of the table `store`.
enum StoredIdentity {
    /// Writes the row of a new store, with a random epoch.
    static func insert(_ creation: StoreCreation, createdAt: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO store (row, epoch, format, page_size, title, author, created_at)
                VALUES (1, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                Data(Epoch.random().uuid.bytes), StoreIdentity.currentFormat, creation.pageSize,
                creation.title, creation.author, createdAt.microseconds,
            ]
        )
    }

    /// Reads the row.
    ///
    /// - Throws: ``EventStoreError`` with code `corrupt` where it is missing or holds what no
    ///   store can be created with, `unsupportedSchema` for pages of an unknown format.
    static func load(_ db: Database, _ path: String) throws -> StoreIdentity {
        let row = try Row.fetchOne(
            db,
            sql: "SELECT epoch, format, page_size, title, author, created_at FROM store"
        )
        guard let row else {
            throw EventStoreError(.corrupt, "\(path) has no identity: restore a backup")
        }
        let format: Int = row[1]
        guard format == StoreIdentity.currentFormat else {
            throw EventStoreError(
                .unsupportedSchema,
                "\(path) has pages of format \(format), this software renders format "
                    + "\(StoreIdentity.currentFormat): use the version that created the store"
            )
        }
        let creation: StoreCreation
        do {
            creation = try StoreCreation(pageSize: row[2], title: row[3], author: row[4])
        } catch {
            throw EventStoreError(.corrupt, "\(path): \(error)", cause: error)
        }
        return StoreIdentity(
            epoch: Epoch(try EventRow.uuid(row, 0)),
            format: format,
            creation: creation,
            createdAt: Timestamp(microseconds: row[5])
        )
    }

    /// Replaces the epoch.
    static func replaceEpoch(with epoch: Epoch, _ db: Database) throws {
        try db.execute(sql: "UPDATE store SET epoch = ?", arguments: [Data(epoch.uuid.bytes)])
    }
}
