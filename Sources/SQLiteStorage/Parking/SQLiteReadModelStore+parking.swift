public import EventModel
public import GRDB
public import Subscriptions

extension SQLiteReadModelStore {
    /// Sets all events of a delivery aside and moves the checkpoint, in one transaction.
    ///
    /// - Parameters:
    ///   - delivery: What cannot be applied.
    ///   - reason: Why; nil where the events wait behind an earlier one of their stream.
    /// - Returns: What was set aside.
    /// - Throws: `CheckpointStoreError`, with code `parkFull` where there is no room for it.
    public func park(_ delivery: Delivery, reason: String?) async throws -> [ParkedEvent] {
        let path = path
        return try await transaction("cannot write to") { [self] db in
            try CheckpointRow.advance(from: delivery.from, to: delivery.to, db, path: path)
            let rows = parkedRows(db)
            return try delivery.events.map { event in
                let parked = ParkedEvent(
                    event: event,
                    reason: reason,
                    tries: reason == nil ? 0 : Int64(delivery.attempt),
                    parkedAt: .now()
                )
                try rows.add(parked)
                return parked
            }
        }
    }

    /// Whether events of a stream are set aside.
    ///
    /// - Parameter stream: The stream.
    /// - Returns: True if there is at least one.
    /// - Throws: `CheckpointStoreError`.
    public func isParked(_ stream: StreamName) async throws -> Bool {
        try await transaction("cannot read", .deferred) { [self] in
            try parkedRows($0).contains(stream)
        }
    }

    /// Counts parked events.
    ///
    /// - Parameter selection: Which events; of one event's number, its whole stream.
    /// - Returns: How many there are.
    /// - Throws: `CheckpointStoreError`.
    public func parkedCount(_ selection: ParkedSelection) async throws -> Int64 {
        try await transaction("cannot read", .deferred) { [self] in
            try parkedRows($0).count(selection)
        }
    }

    /// Finds the streams that have parked events.
    ///
    /// - Parameter selection: Which events are meant.
    /// - Returns: Their names, those of the oldest events first.
    /// - Throws: `CheckpointStoreError`.
    public func parkedStreams(_ selection: ParkedSelection) async throws -> [StreamName] {
        try await transaction("cannot read", .deferred) { [self] in
            try parkedRows($0).streams(selection)
        }
    }

    /// Finds the oldest parked event of a stream.
    ///
    /// - Parameter stream: The stream.
    /// - Returns: The event; nil where none is parked.
    /// - Throws: `CheckpointStoreError`.
    public func oldestParked(of stream: StreamName) async throws -> ParkedEvent? {
        try await transaction("cannot read", .deferred) { [self] in
            try parkedRows($0).oldest(of: stream)
        }
    }

    /// Takes an event out of those that are parked, since it is applied now.
    ///
    /// - Parameter number: The event's number.
    /// - Throws: `CheckpointStoreError`.
    public func unpark(_ number: EventNumber) async throws {
        try await transaction("cannot write to") { [self] in try parkedRows($0).remove(number) }
    }

    /// Counts a try of a parked event, before it is made.
    ///
    /// - Parameter number: The event's number.
    /// - Throws: `CheckpointStoreError`.
    public func tryParked(_ number: EventNumber) async throws {
        try await transaction("cannot write to") { [self] db in
            try parkedRows(db).count(tryOf: number)
        }
    }

    /// Notes why a parked event failed once more.
    ///
    /// - Parameters:
    ///   - number: The event's number.
    ///   - reason: Why.
    /// - Throws: `CheckpointStoreError`.
    public func failParked(_ number: EventNumber, reason: String) async throws {
        try await transaction("cannot write to") { [self] db in
            try parkedRows(db).fail(number, reason: reason)
        }
    }

    /// Gives parked events up for good, and keeps a record of each in `eventfeed_discarded`.
    ///
    /// - Parameter selection: Which events.
    /// - Returns: How many.
    /// - Throws: `CheckpointStoreError`.
    public func discardParked(_ selection: ParkedSelection) async throws -> Int64 {
        try await transaction("cannot write to") { [self] db in
            try parkedRows(db).discard(selection, at: .now())
        }
    }

    /// Tries parked events again, each stream in order and up to its first failure.
    ///
    /// - Parameters:
    ///   - selection: Which events; of one event's number, its whole stream.
    ///   - models: What to apply them to.
    /// - Returns: What became of them.
    /// - Throws: `CheckpointStoreError`; the streams before stay as they are then.
    public func retryParked(
        _ selection: ParkedSelection,
        with models: [any ReadModel<Database>]
    ) async throws -> RetryReport {
        var report = RetryReport()
        for stream in try await parkedStreams(selection) {
            guard let first = try await oldestParked(of: stream)?.event.number else { continue }
            try await tryParked(first)
            let (applied, failure) = try await withoutHopeless { hopeless in
                try await transaction("cannot write to") { [self] db in
                    let writer = DeliveryWriter(
                        db: db,
                        models: models,
                        parked: parkedRows(db),
                        hopeless: hopeless
                    )
                    return try Self.retry(stream, counted: first, writer)
                }
            }
            report.applied += applied
            if let failure { report.add(failure: failure) }
        }
        report.left = try await parkedCount(selection)
        return report
    }

    /// Tries the events of a stream, of which the first is counted already.
    private static func retry(
        _ stream: StreamName,
        counted first: EventNumber,
        _ writer: DeliveryWriter
    ) throws -> (applied: Int64, failure: String?) {
        var applied: Int64 = 0
        while let parked = try writer.parked.oldest(of: stream) {
            if parked.event.number != first { try writer.parked.count(tryOf: parked.event.number) }
            if let failure = try writer.failure(of: parked.event) {
                try writer.parked.fail(parked.event.number, reason: failure)
                return (applied, failure)
            }
            try writer.parked.remove(parked.event.number)
            applied += 1
        }
        return (applied, nil)
    }
}
