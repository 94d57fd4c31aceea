import EventModel
import Foundation
import GRDB

/// Rows of `event` as values.
enum EventRow {
    /// The columns that ``event(_:)`` reads, in its order, and where they come from.
    ///
    /// The joins are left to right from `event`, so that rows come in the order of the condition
    /// that follows, one at a time.
    static let selection = """
        SELECT event.number, event.version, event.recorded_at, event.id,
            stream.name, event_type.name, data_type.name, metadata_type.name,
            event.metadata, event.data, event.given_id
        FROM event
        CROSS JOIN stream ON stream.id = event.stream
        CROSS JOIN event_type ON event_type.id = event.type
        CROSS JOIN media_type AS data_type ON data_type.id = event.data_media_type
        LEFT JOIN media_type AS metadata_type ON metadata_type.id = event.metadata_media_type
        """

    /// Reads one row of ``selection``.
    static func event(_ row: Row) throws -> RecordedEvent {
        guard let number = EventNumber(rawValue: row[0]),
            let version = StreamVersion(rawValue: row[1])
        else { throw EventStoreError(.corrupt, "a stored number is negative: restore a backup") }
        return RecordedEvent(
            number: number,
            version: version,
            recordedAt: Timestamp(microseconds: row[2]),
            event: try content(row),
            givenID: row.hasNull(atIndex: 10) ? nil : EventID(try uuid(row, 10))
        )
    }

    /// What was appended; names are checked again, for documents cannot carry every text and
    /// anybody can write into a file.
    private static func content(_ row: Row) throws -> NewEvent {
        do {
            var metadata: Payload?
            if let mediaType = row[7] as String? {
                metadata = Payload(try bytes(row, 8), mediaType: try MediaType(mediaType))
            }
            return NewEvent(
                id: EventID(try uuid(row, 3)),
                stream: try StreamName(row[4]),
                type: try EventType(row[5]),
                data: Payload(try bytes(row, 9), mediaType: try MediaType(row[6])),
                metadata: metadata
            )
        } catch let error as InvalidName {
            throw EventStoreError(
                .corrupt,
                "a stored name cannot have been written by this software: restore a backup",
                cause: error
            )
        }
    }

    /// The bytes of a blob; none where it is null.
    static func bytes(_ row: Row, _ column: Int) throws -> [UInt8] {
        try row.withUnsafeData(atIndex: column) { data in data.map { [UInt8]($0) } ?? [] }
    }

    static func uuid(_ row: Row, _ column: Int) throws -> UUIDBytes {
        guard let uuid = UUIDBytes(bytes: try bytes(row, column)) else {
            throw EventStoreError(.corrupt, "a stored id has not 16 bytes")
        }
        return uuid
    }

    static func chain(_ row: Row, _ column: Int) throws -> ChainDigest {
        guard let chain = ChainDigest(bytes: try bytes(row, column)) else {
            throw EventStoreError(.corrupt, "a stored chain value has not 32 bytes")
        }
        return chain
    }
}
