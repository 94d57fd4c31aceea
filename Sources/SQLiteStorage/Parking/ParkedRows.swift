import EventModel
import Foundation
import GRDB
import Subscriptions

/// The rows of `eventfeed_parked`, and of what was discarded.
struct ParkedRows {
    let db: Database
    let path: String
    let limits: ParkLimits

    /// Events and bytes that are parked.
    func total() throws -> ParkLimits {
        let row = try Row.fetchOne(db, sql: "SELECT events, bytes FROM eventfeed_parked_total")
        return ParkLimits(events: row?[0] ?? 0, bytes: row?[1] ?? 0)
    }

    func contains(_ stream: StreamName) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM eventfeed_parked WHERE stream = ?)"
        )
        return try Bool.fetchOne(statement, arguments: [stream.text]) ?? false
    }

    /// Sets an event aside.
    ///
    /// - Throws: `CheckpointStoreError` with code `parkFull`; `DatabaseError`.
    func add(_ parked: ParkedEvent) throws {
        let event = parked.event
        let total = try total()
        let bytes = Int64(event.event.byteCount)
        guard total.events < limits.events, total.bytes + bytes <= limits.bytes else {
            throw CheckpointStoreError(
                .parkFull,
                "event \(event.number) of \(event.stream) cannot be parked in \(path): "
                    + "\(total.events) events with \(total.bytes) bytes are, the limits are "
                    + "\(limits.events) and \(limits.bytes): retry or discard some "
                    + "(eventfeed parked list)"
            )
        }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO eventfeed_parked (number, stream, version, type, id, recorded_at,
                    reason, tries, parked_at, media_type, metadata_media_type, metadata, data)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        statement.setUncheckedArguments([
            event.number.rawValue, event.stream.text, event.version.rawValue, event.type.text,
            event.id.description, event.recordedAt.microseconds, parked.reason, parked.tries,
            parked.parkedAt.microseconds, event.data.mediaType.text,
            event.metadata?.mediaType.text, event.metadata.map { Data($0.bytes) },
            Data(event.data.bytes),
        ])
        try statement.execute()
        try addToTotal(events: 1, bytes: bytes)
    }

    /// The streams that have parked events, those of the oldest events first.
    func streams(_ selection: ParkedSelection) throws -> [StreamName] {
        let names: [String]
        switch selection {
        case .all:
            names = try String.fetchAll(
                db,
                sql: "SELECT stream FROM eventfeed_parked GROUP BY stream ORDER BY min(number)"
            )
        case .stream(let name):
            names = try String.fetchAll(
                db,
                sql: "SELECT DISTINCT stream FROM eventfeed_parked WHERE stream = ?",
                arguments: [name]
            )
        case .number(let number):
            names = try String.fetchAll(
                db,
                sql: "SELECT stream FROM eventfeed_parked WHERE number = ?",
                arguments: [number]
            )
        }
        return names.map { StreamName(stored: $0) }
    }

    func count(_ selection: ParkedSelection) throws -> Int64 {
        guard selection != .all else { return try total().events }
        return try streams(selection).reduce(0) { count, stream in
            try count
                + (Int64.fetchOne(
                    db,
                    sql: "SELECT count(*) FROM eventfeed_parked WHERE stream = ?",
                    arguments: [stream.text]
                ) ?? 0)
        }
    }

    func oldest(of stream: StreamName) throws -> ParkedEvent? {
        let row = try Row.fetchOne(
            try db.cachedStatement(
                sql: "\(Self.selection) WHERE stream = ? ORDER BY number LIMIT 1"
            ),
            arguments: [stream.text]
        )
        return try row.map { try Self.parked($0, path) }
    }

    /// Takes an event out, since it is applied.
    func remove(_ number: EventNumber) throws {
        let bytes = try Int64.fetchOne(
            try db.cachedStatement(
                sql: """
                    DELETE FROM eventfeed_parked WHERE number = ?
                    RETURNING length(data) + coalesce(length(metadata), 0)
                    """
            ),
            arguments: [number.rawValue]
        )
        if let bytes { try addToTotal(events: -1, bytes: -bytes) }
    }

    /// Counts a try of an event.
    func count(tryOf number: EventNumber) throws {
        try db.execute(
            sql: "UPDATE eventfeed_parked SET tries = tries + 1 WHERE number = ?",
            arguments: [number.rawValue]
        )
    }

    /// Notes why an event failed once more.
    func fail(_ number: EventNumber, reason: String) throws {
        try db.execute(
            sql: "UPDATE eventfeed_parked SET reason = ? WHERE number = ?",
            arguments: [reason, number.rawValue]
        )
    }

    /// Gives events up for good, with a record of each.
    func discard(_ selection: ParkedSelection, at instant: Timestamp) throws -> Int64 {
        let (condition, arguments) = Self.condition(selection)
        let sums = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*), coalesce(sum(length(data) + coalesce(length(metadata), 0)), 0)
                FROM eventfeed_parked WHERE \(condition)
                """,
            arguments: arguments
        )
        guard let count = sums?[0] as Int64?, let bytes = sums?[1] as Int64?, count > 0 else {
            return 0
        }
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO eventfeed_discarded (number, stream, version, type, id,
                    reason, tries, parked_at, discarded_at)
                SELECT number, stream, version, type, id, reason, tries, parked_at,
                    \(instant.microseconds)
                FROM eventfeed_parked WHERE \(condition)
                """,
            arguments: arguments
        )
        try db.execute(sql: "DELETE FROM eventfeed_parked WHERE \(condition)", arguments: arguments)
        try addToTotal(events: -count, bytes: -bytes)
        return count
    }

    private func addToTotal(events: Int64, bytes: Int64) throws {
        let statement = try db.cachedStatement(
            sql: "UPDATE eventfeed_parked_total SET events = events + ?, bytes = bytes + ?"
        )
        try statement.execute(arguments: [events, bytes])
    }

    /// What holds of the rows of a selection.
    static func condition(_ selection: ParkedSelection) -> (sql: String, StatementArguments) {
        switch selection {
        case .all: ("TRUE", [])
        case .stream(let name): ("stream = ?", [name])
        case .number(let number): ("number = ?", [number])
        }
    }

    /// The columns that ``parked(_:_:)`` reads, in its order.
    static let selection = """
        SELECT number, stream, version, type, id, recorded_at, reason, tries, parked_at,
            media_type, data, metadata_media_type, metadata
        FROM eventfeed_parked
        """

    /// Reads one row of ``selection``.
    static func parked(_ row: Row, _ path: String) throws -> ParkedEvent {
        guard let number = EventNumber(rawValue: row[0]),
            let version = StreamVersion(rawValue: row[2]), let id = EventID(row[4] as String)
        else {
            throw CheckpointStoreError(
                .corrupt,
                "a parked event in \(path) cannot have been written by this software"
            )
        }
        var metadata: Payload?
        if let mediaType = row[11] as String? {
            metadata = Payload(
                try EventRow.bytes(row, 12),
                mediaType: MediaType(stored: mediaType)
            )
        }
        return ParkedEvent(
            event: RecordedEvent(
                number: number,
                version: version,
                recordedAt: Timestamp(microseconds: row[5]),
                event: NewEvent(
                    id: id,
                    stream: StreamName(stored: row[1]),
                    type: EventType(stored: row[3]),
                    data: Payload(
                        try EventRow.bytes(row, 10),
                        mediaType: MediaType(stored: row[9])
                    ),
                    metadata: metadata
                )
            ),
            reason: row[6],
            tries: row[7],
            parkedAt: Timestamp(microseconds: row[8])
        )
    }
}
