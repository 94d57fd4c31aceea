/// Counts what a read has returned against its limit.
package struct ReadBudget {
    private let limit: ReadLimit
    private var events = 0
    private var bytes = 0

    package init(_ limit: ReadLimit) {
        self.limit = limit
    }

    /// Whether the limit on events is reached.
    package var isFull: Bool { events >= limit.events }

    /// Takes one more event, unless it would go beyond the limit; the first always fits.
    package mutating func take(_ event: RecordedEvent) -> Bool {
        guard !isFull, events == 0 || bytes + event.event.byteCount <= limit.bytes else {
            return false
        }
        events += 1
        bytes += event.event.byteCount
        return true
    }
}

/// Decides, event by event, what a read of the whole history returns and where it stops.
package struct ReadScan {
    private let after: EventNumber
    private let last: EventNumber
    private let filter: EventFilter
    private var budget: ReadBudget
    private var events: [RecordedEvent] = []
    private var stoppedAfter: EventNumber?

    /// - Parameters:
    ///   - after: The number before the first one to look at.
    ///   - head: The highest number there is.
    ///   - limit: How much to return at the most.
    ///   - filter: Which events are wanted.
    package init(after: EventNumber, head: EventNumber, limit: ReadLimit, filter: EventFilter) {
        self.after = after
        self.filter = filter
        last = Self.lastNumber(after: after, head: head, filter: filter)
        // More at once is for reads of a single stream.
        budget = ReadBudget(
            ReadLimit(events: min(limit.events, Limits.readEvents), bytes: limit.bytes)
        )
    }

    /// The last number that a read may look at.
    package static func lastNumber(
        after: EventNumber,
        head: EventNumber,
        filter: EventFilter
    ) -> EventNumber {
        let most = Int64(Limits.scannedNumbers)
        guard !filter.isEverything, head.rawValue - after.rawValue > most else { return head }
        return EventNumber(after.rawValue + most)
    }

    /// Looks at the next event; false means that the read is over and this event not part of it.
    package mutating func take(_ event: RecordedEvent) -> Bool {
        guard event.number <= last else { return false }
        guard filter.matches(stream: event.stream, type: event.type) else { return true }
        guard budget.take(event) else {
            stoppedAfter = EventNumber(event.number.rawValue - 1)
            return false
        }
        events.append(event)
        if budget.isFull { stoppedAfter = event.number }
        return !budget.isFull
    }

    /// What was taken, and the last number that was looked at.
    package func finish() -> (events: [RecordedEvent], scannedTo: EventNumber) {
        (events, stoppedAfter ?? last)
    }
}
