public import EventModel
import Foundation
public import GRDB
public import Subscriptions

/// The read model that keeps every event as it is, in a table that SQL can query.
///
/// Data and metadata are `TEXT` where their media type and their bytes say that they are text, so
/// that SQLite's JSON functions work on them; everything else is a `BLOB` of the same bytes.
/// Metadata that is absent is `NULL`.
public struct EventCopy: ReadModel {
    /// What rows are written through.
    public typealias Transaction = Database

    /// `event-copy`.
    public let name = "event-copy"

    /// The columns, in their order.
    private static let columns = [
        "number", "stream", "version", "type", "id", "recorded_at", "media_type", "data",
        "metadata",
    ]

    /// Describes the read model; nothing is written yet.
    public init() {}

    /// Makes the table `event`, unless it is there.
    ///
    /// - Parameter transaction: The database.
    /// - Throws: `CheckpointStoreError` with code `modelChanged` where a table `event` with other
    ///   columns is there; `DatabaseError`.
    public func prepare(_ transaction: Database) throws {
        try transaction.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS event (
                    number INTEGER PRIMARY KEY,
                    stream TEXT,
                    version INTEGER,
                    type TEXT,
                    id TEXT,
                    recorded_at TEXT,
                    media_type TEXT,
                    data,
                    metadata
                )
                """
        )
        let found = try transaction.columns(in: "event").map(\.name)
        guard Set(Self.columns).isSubset(of: found) else {
            throw CheckpointStoreError(
                .modelChanged,
                "the database has a table event of its own, with columns "
                    + "\(found.joined(separator: ", ")): use another file"
            )
        }
    }

    /// Adds one row.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - transaction: The database.
    /// - Throws: `DatabaseError`; a number that is there already is one.
    public func apply(_ event: RecordedEvent, in transaction: Database) throws {
        let statement = try transaction.cachedStatement(
            sql: """
                INSERT INTO event (number, stream, version, type, id, recorded_at, media_type,
                    data, metadata)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        statement.setUncheckedArguments([
            event.number.rawValue, event.stream.text, event.version.rawValue, event.type.text,
            event.id.description, event.recordedAt.description, event.data.mediaType.text,
            Self.value(of: event.data), event.metadata.map(Self.value(of:)),
        ])
        try statement.execute()
    }

    /// The bytes of a payload as SQLite keeps them.
    static func value(of payload: Payload) -> DatabaseValue {
        // SQLite's text functions stop at U+0000
        // (<https://www.sqlite.org/nulinstr.html>): such text is kept as bytes, all of them.
        if payload.mediaType == .json || payload.mediaType.isUTF8Text,
            let text = String(validating: payload.bytes, as: UTF8.self),
            !payload.bytes.contains(0)
        {
            return text.databaseValue
        }
        return Data(payload.bytes).databaseValue
    }
}
