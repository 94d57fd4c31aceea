import EventModel
import Foundation
import GRDB

/// The questions that are asked of an event store's tables, within one transaction.
struct StoreQueries {
    let db: Database
    /// What is known of the chain without asking.
    var recent: RecentChain?
    /// What is known of streams without asking.
    var states: StreamStates?

    /// The newest event's number, chain and time.
    func head() throws -> Head {
        let statement = try db.cachedStatement(
            sql: "SELECT number, chain, recorded_at FROM event ORDER BY number DESC LIMIT 1"
        )
        let rows = try Row.fetchCursor(statement)
        guard let row = try rows.next() else { return .empty }
        return Head(
            number: EventNumber(row[0]),
            chain: try EventRow.chain(row, 1),
            recordedAt: Timestamp(microseconds: row[2])
        )
    }

    /// `c` at a number that is not beyond the head.
    func chain(at number: EventNumber) throws -> ChainDigest {
        if number == .beginning { return .beginning }
        if let known = recent?.digest(at: number) { return known }
        let statement = try db.cachedStatement(sql: "SELECT chain FROM event WHERE number = ?")
        let rows = try Row.fetchCursor(statement, arguments: [number.rawValue])
        guard let row = try rows.next() else { throw Self.hole(number) }
        return try EventRow.chain(row, 0)
    }

    func event(_ number: EventNumber) throws -> RecordedEvent? {
        let statement = try db.cachedStatement(
            sql: "\(EventRow.selection) WHERE event.number = ?"
        )
        let rows = try Row.fetchCursor(statement, arguments: [number.rawValue])
        return try rows.next().map(EventRow.event)
    }

    /// Consecutive events of the whole history.
    func batch(
        epoch: Epoch,
        after: EventNumber,
        limit: ReadLimit,
        filter: EventFilter
    ) throws -> EventBatch {
        let newest = try head()
        let head = newest.number
        guard after <= head else { throw AfterHead(after: after, head: head, epoch: epoch) }
        var scan = ReadScan(after: after, head: head, limit: limit, filter: filter)
        if filter.isEverything {
            try scanEverything(after: after, &scan)
        } else {
            let last = ReadScan.lastNumber(after: after, head: head, filter: filter)
            try scanMatching(filter, after: after, through: last, &scan)
        }
        let (events, scannedTo) = scan.finish()
        return EventBatch(
            epoch: epoch,
            after: after,
            chainAfter: try chain(at: after),
            events: events,
            scannedTo: scannedTo,
            chain: scannedTo == head ? newest.chain : try chain(at: scannedTo),
            head: head
        )
    }

    private func scanEverything(after: EventNumber, _ scan: inout ReadScan) throws {
        let statement = try db.cachedStatement(
            sql: "\(EventRow.selection) WHERE event.number > ? ORDER BY event.number"
        )
        let rows = try Row.fetchCursor(statement, arguments: [after.rawValue])
        var expected = after
        while let row = try rows.next() {
            let event = try EventRow.event(row)
            expected = expected.next
            guard event.number == expected else { throw Self.hole(expected) }
            guard scan.take(event) else { return }
        }
    }

    /// The data of events that do not match is not read: it stands behind all that is compared.
    private func scanMatching(
        _ filter: EventFilter,
        after: EventNumber,
        through last: EventNumber,
        _ scan: inout ReadScan
    ) throws {
        let keys = try FilterKeys(filter, self)
        // A null parameter stands for a list that matches everything. The `+` keeps SQLite from
        // reading a whole stream by its index: the range of numbers is what bounds the work.
        let statement = try db.cachedStatement(
            sql: """
                \(EventRow.selection)
                WHERE event.number > ?1 AND event.number <= ?2
                    AND (?3 IS NULL OR +event.stream IN (SELECT value FROM json_each(?3)))
                    AND (?4 IS NULL OR +event.type IN (SELECT value FROM json_each(?4)))
                    AND (?5 IS NULL OR +stream.category IN (SELECT value FROM json_each(?5)))
                ORDER BY event.number
                """
        )
        let rows = try Row.fetchCursor(
            statement,
            arguments: [
                after.rawValue, last.rawValue, keys.streams, keys.types, keys.categories,
            ]
        )
        while let row = try rows.next() {
            guard scan.take(try EventRow.event(row)) else { return }
        }
    }

    /// The last event recorded before an instant, by halving: recorded-at never goes backwards.
    func lastNumber(recordedBefore instant: Timestamp) throws -> EventNumber {
        let statement = try db.cachedStatement(
            sql: "SELECT recorded_at FROM event WHERE number = ?"
        )
        var before: Int64 = 0
        var last = try head().number.rawValue
        while before < last {
            // Rounded up, so that what is left shrinks; and never a sum, whatever the head is.
            let middle = last - (last - before) / 2
            guard let recordedAt = try Int64.fetchOne(statement, arguments: [middle]) else {
                throw Self.hole(EventNumber(middle))
            }
            if recordedAt < instant.microseconds { before = middle } else { last = middle - 1 }
        }
        return EventNumber(before)
    }

    private static func hole(_ number: EventNumber) -> EventStoreError {
        EventStoreError(
            .corrupt,
            "event \(number) is missing although higher numbers exist: restore a backup"
        )
    }
}
