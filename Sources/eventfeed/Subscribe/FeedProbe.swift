import EventModel
import FeedReading
import Subscriptions

/// Measures a feed: how often events come, and how large its answers are.
struct FeedProbe {
    /// Events that are looked at to find how often they come.
    private static let sample: Int64 = 1_000
    /// How often an answer without news is waited for where events keep coming.
    private static let tries = 5
    /// How long an answer may be held to see whether it is.
    private static let wait = Duration.seconds(1)

    /// What is kept of an event: not what it carries, which may be large.
    private struct Moment {
        let number: EventNumber
        let recordedAt: Timestamp
    }

    let source: any EventSource
    /// What counts the bytes; nil where nothing travels.
    let meter: MeteredTransport?
    let options: SubscriptionOptions
    /// The present.
    var now: @Sendable () -> Timestamp = { .now() }

    /// Asks the feed what a subscriber would ask.
    ///
    /// - Returns: What was measured.
    /// - Throws: `SourceError`; `CancellationError`.
    func measure() async throws -> FeedMeasurement {
        let description = try await source.describe()
        let first = EventNumber(max(0, description.head.rawValue - Self.sample))
        let oldest = try await ask(after: first, limit: 1, .everything).events.first
        let events = try await events(after: first, through: description.head)
        let present = max(now(), events.last?.recordedAt ?? now())
        // At least a minute: three events a moment ago are not yet three in each moment.
        let age = oldest.map { present.duration(since: $0.recordedAt) } ?? .seconds(86_400)
        let window = min(max(age, .seconds(60)), EventArrivals.windows.upperBound)
        let arrivals = EventArrivals(
            events.map { window - present.duration(since: $0.recordedAt) },
            within: window
        )
        var feed = FeedMeasurement(
            head: description.head,
            arrivals: arrivals,
            eventsPerRequest: min(options.batchSize, description.pageSize ?? options.batchSize)
        )
        guard let meter else { return feed }
        try await measureAnswers(&feed, meter, events, description.head)
        return feed
    }

    /// Measures an answer without news, one that is held, one with many events and one with one.
    private func measureAnswers(
        _ feed: inout FeedMeasurement,
        _ meter: MeteredTransport,
        _ events: [Moment],
        _ head: EventNumber
    ) async throws {
        var after = head
        var firstEmpty: Int?
        var unchanged: Int?
        for _ in 0..<Self.tries where unchanged == nil {
            _ = meter.take()
            let batch = try await ask(after: after, limit: options.batchSize, options.filter)
            let bytes = meter.take().bytes
            guard batch.scannedTo == after else {
                (after, firstEmpty) = (batch.scannedTo, nil)
                continue
            }
            // The same question once more is answered with less.
            if firstEmpty == nil { firstEmpty = bytes } else { unchanged = bytes }
        }
        let start = ContinuousClock.now
        _ = try await source.events(
            after: after,
            limit: options.batchSize,
            matching: options.filter,
            waitingUpTo: Self.wait
        )
        // An event may have ended it earlier; then it is not known, and the benefit is given.
        feed.holdsAnswers =
            unchanged == nil || start.duration(to: .now) > Self.wait * 0.8
        let many = try await answer(bringing: feed.eventsPerRequest - 1, of: events, meter)
        let one = try await answer(bringing: 1, of: events, meter)
        feed.sizes = Self.sizes(
            one: one,
            many: many,
            firstEmpty: firstEmpty,
            unchanged: unchanged
        )
    }

    /// Asks for the last so many of some events, as a subscriber that lacks them would.
    private func answer(bringing count: Int, of events: [Moment], _ meter: MeteredTransport)
        async throws -> (count: Int, traffic: MeteredTransport.Traffic)?
    {
        guard let first = events.suffix(max(1, count)).first else { return nil }
        _ = meter.take()
        let batch = try await ask(
            after: EventNumber(first.number.rawValue - 1),
            limit: options.batchSize,
            options.filter
        )
        return batch.events.isEmpty ? nil : (batch.events.count, meter.take())
    }

    private static func sizes(
        one: (count: Int, traffic: MeteredTransport.Traffic)?,
        many: (count: Int, traffic: MeteredTransport.Traffic)?,
        firstEmpty: Int?,
        unchanged: Int?
    ) -> PollingCost.Sizes {
        guard let one, let many else {
            let empty = Double(firstEmpty ?? 0)
            return PollingCost.Sizes(
                firstEmpty: empty,
                unchanged: Double(unchanged ?? firstEmpty ?? 0),
                base: empty,
                perEvent: 0
            )
        }
        let bytes = Double(one.traffic.bytes)
        let perEvent =
            many.count > one.count
            ? max(0, Double(many.traffic.bytes) - bytes) / Double(many.count - one.count)
            : max(0, bytes - Double(firstEmpty ?? one.traffic.bytes)) / Double(one.count)
        let base = max(0, bytes - perEvent * Double(one.count))
        return PollingCost.Sizes(
            firstEmpty: firstEmpty.map(Double.init) ?? base,
            unchanged: (unchanged ?? firstEmpty).map(Double.init) ?? base,
            base: base,
            perEvent: perEvent,
            requestsPerEvent: Double(max(0, many.traffic.requests - 1)) / Double(many.count)
        )
    }

    /// The events that are wanted in a range of numbers.
    private func events(after: EventNumber, through head: EventNumber) async throws
        -> [Moment]
    {
        var events: [Moment] = []
        var after = after
        while after < head {
            let batch = try await ask(after: after, limit: Limits.readEvents, options.filter)
            guard batch.scannedTo > after else { break }
            events += batch.events.prefix { $0.number <= head }
                .map { Moment(number: $0.number, recordedAt: $0.recordedAt) }
            after = batch.scannedTo
        }
        return events
    }

    private func ask(after: EventNumber, limit: Int, _ filter: EventFilter) async throws
        -> EventBatch
    {
        try await source.events(
            after: after,
            limit: limit,
            matching: filter,
            waitingUpTo: nil
        )
    }
}

/// What was measured of a feed.
struct FeedMeasurement: Sendable {
    let head: EventNumber
    /// When events came lately.
    let arrivals: EventArrivals
    /// Events that one answer brings at the most.
    let eventsPerRequest: Int
    /// How large answers are; nil where nothing travels.
    var sizes: PollingCost.Sizes?
    /// Whether answers are held until there is something new.
    var holdsAnswers = true
}
