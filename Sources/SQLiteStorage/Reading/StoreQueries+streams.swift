import EventModel
import GRDB

extension StoreQueries {
    /// What holds of a stream in this transaction, whose head is `head`.
    func standing(of name: StreamName, at head: EventNumber) throws -> StreamStanding {
        if let known = states?.standing(of: name, at: head) { return known }
        let standing = try StreamLookup(db).standing(of: name)
        states?.keep(standing, of: name, at: head)
        return standing
    }

    /// The events of a stream that may be read, by version, in either direction.
    func live(
        _ standing: StreamStanding,
        _ range: StreamRange,
        limit: ReadLimit,
        at now: Timestamp
    ) throws -> [RecordedEvent] {
        guard let stream = standing.row, let live = standing.state.live(in: range) else {
            return []
        }
        var first = live.lowerBound
        if let instant = standing.state.recordedTooEarly(at: now) {
            first = try firstVersion(of: stream, recordedAfter: instant, in: live)
        }
        let order = if case .after = range { "" } else { "DESC" }
        let statement = try db.cachedStatement(
            sql: """
                \(EventRow.selection)
                WHERE event.stream = ? AND event.version BETWEEN ? AND ?
                ORDER BY event.version \(order)
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [stream, first, live.upperBound])
        var budget = ReadBudget(limit)
        var events: [RecordedEvent] = []
        while !budget.isFull, let row = try rows.next() {
            let event = try EventRow.event(row)
            guard budget.take(event) else { break }
            events.append(event)
        }
        return events
    }

    /// The first of some versions that was recorded after an instant; one beyond them where all are
    /// older.
    ///
    /// It is found by halving: recorded-at never goes backwards.
    private func firstVersion(
        of stream: Int64,
        recordedAfter instant: Timestamp,
        in versions: ClosedRange<Int64>
    ) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: "SELECT recorded_at FROM event WHERE stream = ? AND version = ?"
        )
        // What is below `low` is too old, `high` and what is beyond it is not.
        var (low, high) = (versions.lowerBound, versions.upperBound + 1)
        while low < high {
            let middle = low + (high - low) / 2
            let found = try Int64.fetchOne(statement, arguments: [stream, middle])
            guard let recordedAt = found else {
                throw EventStoreError(
                    .corrupt,
                    "a stream has no event of version \(middle) although higher ones exist: "
                        + "restore a backup"
                )
            }
            if recordedAt > instant.microseconds { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
