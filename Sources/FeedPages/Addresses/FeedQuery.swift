public import EventModel

/// The query of `/feed` and its fixed forms: which events after which number.
public struct FeedQuery: Hashable, Sendable {
    /// The number to read after; nil means 0 where any other parameter is there, and the head
    /// document where none is.
    public var after: EventNumber?
    /// The most events wanted, 1 to 1,000; nil means the page size.
    public var limit: Int?
    /// Seconds to hold the answer for, 0 to 60.
    public var wait: Int?
    /// Only with `since`: the instant whose first event is looked for, rounded up to microseconds.
    public var since: Timestamp?
    /// Which events are wanted.
    public var filter: EventFilter

    /// Describes a query.
    ///
    /// - Parameters:
    ///   - after: The number to read after.
    ///   - limit: The most events wanted.
    ///   - wait: Seconds to hold the answer for.
    ///   - since: The instant to begin at.
    ///   - filter: Which events are wanted.
    public init(
        after: EventNumber? = nil,
        limit: Int? = nil,
        wait: Int? = nil,
        since: Timestamp? = nil,
        filter: EventFilter = .everything
    ) {
        self.after = after
        self.limit = limit
        self.wait = wait
        self.since = since
        self.filter = filter
    }

    /// Whether the head document is asked for: there is no parameter at all.
    public var isEmpty: Bool {
        after == nil && limit == nil && wait == nil && since == nil && filter.isEverything
    }

    /// The canonical query without `?`: `after` (0 where it is not given), `limit` and `wait` if
    /// they were given, then the canonical filter; `since` has no place in it.
    public var canonical: String {
        var parts = ["after=\(after ?? .beginning)"]
        if let limit { parts.append("limit=\(limit)") }
        if let wait { parts.append("wait=\(wait)") }
        if !filter.isEverything { parts.append(filter.canonical) }
        return parts.joined(separator: "&")
    }

    /// The same question for what follows a number; `since` is left out.
    ///
    /// - Parameter number: The number to read after.
    /// - Returns: The query of the next document.
    public func following(_ number: EventNumber) -> FeedQuery {
        FeedQuery(after: number, limit: limit, wait: wait, filter: filter)
    }

    /// Reads a query as it was sent.
    ///
    /// - Parameters:
    ///   - query: What stands after `?`, with its escapes; nil or empty where there is none.
    ///   - limits: The highest `limit`, `wait` and count of filters.
    /// - Returns: The query.
    /// - Throws: ``InvalidParameter`` for an unknown or repeated name and for any value that is not
    ///   allowed.
    public static func parse(_ query: String?, limits: WireLimits = .standard)
        throws(InvalidParameter) -> FeedQuery
    {
        let pairs = try QueryPairs(query)
        let values = try pairs.single(
            ["after", "limit", "wait", "since"],
            repeatable: ["category", "stream", "type"]
        )
        var parsed = FeedQuery()
        parsed.filter = try parseFilter(pairs, limits: limits)
        parsed.after = try values["after"].map { text throws(InvalidParameter) in
            try QueryValue.eventNumber("after", text)
        }
        parsed.limit = try values["limit"].map { text throws(InvalidParameter) in
            try QueryValue.integer("limit", text, in: 1...limits.answerEvents)
        }
        parsed.wait = try values["wait"].map { text throws(InvalidParameter) in
            try QueryValue.integer("wait", text, in: 0...limits.waitSeconds)
        }
        parsed.since = try values["since"].map { text throws(InvalidParameter) in
            try QueryValue.instant("since", text)
        }
        if parsed.since != nil, let after = values["after"] {
            throw InvalidParameter("after", value: after, expected: "not together with since")
        }
        return parsed
    }

    private static func parseFilter(_ query: QueryPairs, limits: WireLimits)
        throws(InvalidParameter) -> EventFilter
    {
        var filter = EventFilter()
        var count = 0
        for pair in query.pairs where ["category", "stream", "type"].contains(pair.name) {
            count += 1
            guard count <= limits.filterValues else {
                throw InvalidParameter(
                    pair.name,
                    value: pair.value,
                    expected: "at most \(limits.filterValues) filters in one query"
                )
            }
            do throws(InvalidName) {
                try filter.add(name: pair.name, value: pair.value)
            } catch {
                throw InvalidParameter(pair.name, value: pair.value, expected: error.description)
            }
        }
        return filter
    }
}

/// The values that several queries share.
enum QueryValue {
    static func eventNumber(_ name: String, _ text: String) throws(InvalidParameter)
        -> EventNumber
    {
        EventNumber(try count(name, text))
    }

    static func version(_ name: String, _ text: String) throws(InvalidParameter)
        -> StreamVersion
    {
        StreamVersion(try count(name, text))
    }

    static func integer(_ name: String, _ text: String, in range: ClosedRange<Int>)
        throws(InvalidParameter) -> Int
    {
        guard let value = Decimal.number(text.utf8), let integer = Int(exactly: value),
            range.contains(integer)
        else {
            throw InvalidParameter(
                name,
                value: text,
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return integer
    }

    /// An instant rounded up to the next microsecond, so that "recorded before" stays exact.
    static func instant(_ name: String, _ text: String) throws(InvalidParameter) -> Timestamp {
        guard let instant = RFC3339.roundedUp(text) else {
            throw InvalidParameter(
                name,
                value: text,
                expected: "an RFC 3339 date and time with zone, such as 2026-03-01T09:30:00Z"
            )
        }
        return instant
    }

    private static func count(_ name: String, _ text: String) throws(InvalidParameter) -> Int64 {
        guard let value = Decimal.number(text.utf8) else {
            throw InvalidParameter(
                name,
                value: text,
                expected: "a whole number from 0 to \(Int64.max), without sign or leading zeros"
            )
        }
        return value
    }
}
