import AccessControl
import EventModel
import GRDB

extension SQLiteEventStore {
    /// How many metadata streams ``hasAccessLists()`` looks at: 1,000, in the order of their names.
    public static let examinedMetadataStreams = 1_000

    /// Whether any stream says who may do what with it, as far as is looked.
    ///
    /// It is for a warning and not for decisions: it looks at a limited number of streams.
    ///
    /// - Returns: Whether there is an access list.
    /// - Throws: `EventStoreError`; `CancellationError`.
    public func hasAccessLists() async throws -> Bool {
        try await read { queries in
            // `%` is what comes after `$` in the order of bytes.
            let rows = try Row.fetchCursor(
                queries.db,
                sql: """
                    SELECT event.data FROM stream
                    JOIN event ON event.stream = stream.id AND event.version = stream.version
                    WHERE (name >= '$$' AND name < '$%') OR name = '$settings' LIMIT ?
                    """,
                arguments: [Self.examinedMetadataStreams]
            )
            while let row = try rows.next() {
                if AccessListText.isIn(try EventRow.bytes(row, 0)) { return true }
            }
            return false
        }
    }
}
