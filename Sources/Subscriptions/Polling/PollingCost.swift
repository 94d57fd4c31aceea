/// What a pace costs in a day, found by going through a day with it: when it would ask, and what it
/// would find.
///
/// Intervals vary as those of a subscription do, in an order that is always the same; the time that
/// an answer takes is left out.
public struct PollingCost: Hashable, Sendable {
    /// How large requests with their answers are, in bytes.
    public struct Sizes: Hashable, Sendable {
        /// The first answer without news after one that brought some.
        public var firstEmpty: Double
        /// An answer without news that is the same as the one before.
        public var unchanged: Double
        /// An answer that brings events, without the events.
        public var base: Double
        /// Each event.
        public var perEvent: Double
        /// Requests for each event beside the one that brought it: values too large for a page.
        public var requestsPerEvent: Double

        /// States sizes.
        ///
        /// - Parameters:
        ///   - firstEmpty: The first answer without news.
        ///   - unchanged: A further one.
        ///   - base: An answer that brings events, without them.
        ///   - perEvent: Each event.
        ///   - requestsPerEvent: Requests for each event beside the one that brought it.
        public init(
            firstEmpty: Double,
            unchanged: Double,
            base: Double,
            perEvent: Double,
            requestsPerEvent: Double = 0
        ) {
            self.firstEmpty = firstEmpty
            self.unchanged = unchanged
            self.base = base
            self.perEvent = perEvent
            self.requestsPerEvent = requestsPerEvent
        }
    }

    private static let day = 86_400.0

    /// Requests that bring no event, in a day.
    public let emptyRequests: Double
    /// Those of them that come after one that brought some.
    public let firstEmptyRequests: Double
    /// Requests that bring events, in a day.
    public let fullRequests: Double
    /// Events in a day.
    public let events: Double
    /// How long an event waits until it is seen, on average.
    public let meanDelay: Duration

    /// Requests in a day.
    public var requests: Double { emptyRequests + fullRequests }

    /// Goes through a day.
    ///
    /// - Parameters:
    ///   - schedule: The pace; answers are held where it says so.
    ///   - arrivals: When events come.
    ///   - eventsPerRequest: Events that one answer brings at the most, 1 or more.
    public init(of schedule: PollingSchedule, for arrivals: EventArrivals, eventsPerRequest: Int) {
        let wait = schedule.wait.map { $0 / .seconds(1) }
        let most = Double(max(1, eventsPerRequest))
        var (empty, first, full) = (0.0, 0.0, 0.0)
        var (seen, delays) = ((count: 0.0, sum: 0.0), 0.0)
        var (time, blind, polls, quietRounds) = (0.0, 0.0, 0, 0)
        // A day, or as many polls as make an average.
        let span = max(Self.day, 20 * (schedule.longestInterval / .seconds(1)))
        while time < span {
            var answered = time
            var now = arrivals.through(answered)
            if let wait, now.count <= seen.count {
                answered = min(arrivals.next(after: time) ?? .infinity, time + wait)
                now = arrivals.through(answered)
            }
            let count = now.count - seen.count
            if count > 0 {
                delays += count * answered - (now.sum - seen.sum)
                full += (count / most).rounded(.up)
                quietRounds = 0
                seen = now
            } else {
                empty += 1
                quietRounds += 1
                if quietRounds == 1 { first += 1 }
            }
            let interval =
                Self.variation(polls)
                * (schedule.interval(afterQuietRounds: quietRounds) / .seconds(1))
            polls += 1
            let next = max(answered, time + interval)
            // Whoever came while nobody was listening would wait for half of that on average.
            blind += (next - answered) * (next - answered) / 2
            time = next
        }
        let scale = Self.day / time
        emptyRequests = empty * scale
        firstEmptyRequests = first * scale
        fullRequests = full * scale
        events = arrivals.perSecond * Self.day
        meanDelay = .seconds(max(0, seen.count > 0 ? delays / seen.count : blind / time))
    }

    /// The jitter of an interval: multiples of the golden ratio fill its range evenly, so that a
    /// few intervals already have the average that they should have.
    private static func variation(_ polls: Int) -> Double {
        let place = (0.5 + Double(polls) * 0.618_033_988_749_894_9).truncatingRemainder(
            dividingBy: 1
        )
        return 1 + PollingSchedule.jitter * (2 * place - 1)
    }

    /// Requests in a day, with those for values that stand apart.
    ///
    /// - Parameter sizes: What was measured.
    /// - Returns: The count.
    public func requests(with sizes: Sizes) -> Double {
        requests + events * sizes.requestsPerEvent
    }

    /// Bytes in a day, requests and answers together.
    ///
    /// - Parameter sizes: What was measured.
    /// - Returns: The count.
    public func bytes(with sizes: Sizes) -> Double {
        firstEmptyRequests * sizes.firstEmpty
            + (emptyRequests - firstEmptyRequests) * sizes.unchanged
            + fullRequests * sizes.base + events * sizes.perEvent
    }
}
