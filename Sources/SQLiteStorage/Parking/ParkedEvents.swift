public import EventModel
private import GRDB
public import Subscriptions

/// The parked events in the file of a read model or a handler's checkpoint, for whoever does not
/// own it.
public struct ParkedEvents: Sendable {
    /// The parked events of one stream, summed up.
    public struct Stream: Hashable, Sendable {
        /// The stream.
        public let name: StreamName
        /// How many of its events are parked.
        public let events: Int64
        /// The number of the first of them: the one that could not be applied.
        public let first: EventNumber
        /// Its type.
        public let type: EventType
        /// Why it could not be applied.
        public let reason: String
        /// How often it was tried.
        public let tries: Int64
        /// When it was set aside.
        public let parkedAt: Timestamp
    }

    /// The streams that one call lists at the most.
    public static let streamsMaximum = 1_000
    /// The events that one call hands out at the most.
    public static let eventsMaximum = 100

    private let path: String

    /// Names a file; nothing is opened yet.
    ///
    /// - Parameter path: The file.
    public init(path: String) {
        self.path = path
    }

    /// Sums up the streams that have parked events, those of the oldest events first.
    ///
    /// - Returns: At most ``streamsMaximum`` streams.
    /// - Throws: `CheckpointStoreError`: `missing`, `notADatabase`, `corrupt`, `busy`, `io`.
    public func streams() throws -> [Stream] {
        try reading { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT sums.stream, sums.events, first.number, first.type,
                        coalesce(first.reason, ''), first.tries, first.parked_at
                    FROM (SELECT stream, count(*) AS events, min(number) AS number
                        FROM eventfeed_parked GROUP BY stream) AS sums
                    JOIN eventfeed_parked AS first ON first.number = sums.number
                    ORDER BY first.number LIMIT \(Self.streamsMaximum)
                    """
            )
            return rows.map { row in
                Stream(
                    name: StreamName(stored: row[0]),
                    events: row[1],
                    first: EventNumber(row[2] as Int64),
                    type: EventType(stored: row[3]),
                    reason: row[4],
                    tries: row[5],
                    parkedAt: Timestamp(microseconds: row[6])
                )
            }
        }
    }

    /// Hands out parked events, oldest first.
    ///
    /// - Parameters:
    ///   - selection: Which of them.
    ///   - after: Only those with higher numbers.
    /// - Returns: At most ``eventsMaximum`` events; ask again after the last one for more.
    /// - Throws: As ``streams()``.
    public func events(_ selection: ParkedSelection, after: EventNumber = .beginning) throws
        -> [ParkedEvent]
    {
        try reading { db in
            let (condition, arguments) = ParkedRows.condition(selection)
            let rows = try Row.fetchAll(
                db,
                sql: """
                    \(ParkedRows.selection) WHERE \(condition) AND number > \(after.rawValue)
                    ORDER BY number LIMIT \(Self.eventsMaximum)
                    """,
                arguments: arguments
            )
            return try rows.map { try ParkedRows.parked($0, path) }
        }
    }

    /// Asks whoever owns the file, or becomes its owner for a moment.
    ///
    /// - Parameters:
    ///   - request: What to do.
    ///   - timeout: How long to wait for the owner's answer.
    ///   - retry: Tries parked events again, where nobody owns the file.
    /// - Returns: What became of it.
    /// - Throws: `CheckpointStoreError`; `CancellationError`.
    public func perform(
        _ request: ParkedRequest,
        timeout: Duration,
        retry: (SQLiteReadModelStore, ParkedSelection) async throws -> RetryReport
    ) async throws -> OwnerAnswer {
        _ = try ReadModelStatus.read(path: path)
        let store: SQLiteReadModelStore
        do {
            store = try SQLiteReadModelStore(path: path)
        } catch let error as CheckpointStoreError where error.code == .inUse {
            let canonical = try ReadModelTrouble.canonical(path)
            return try await Mailbox(path: canonical).ask(request, timeout: timeout)
        }
        let answer = await store.perform(request) { try await retry(store, $0) }
        try store.close()
        return answer
    }

    private func reading<Value>(_ body: (Database) throws -> [Value]) throws -> [Value] {
        guard DatabaseFile.hasContent(path) else {
            throw CheckpointStoreError(.missing, "there is no read model at \(path)")
        }
        return try ReadModelTrouble(path: path).translating("cannot read") {
            try ReadModelFile.reading(path) { db in
                try ReadModelSchema.inspect(db, path: path)
                // An older file has none.
                guard try db.tableExists("eventfeed_parked") else { return [] }
                return try body(db)
            }
        }
    }
}
