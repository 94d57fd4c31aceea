public import EventModel

/// The query of `/feed/streams/{name}`: which versions, in which form.
public struct StreamQuery: Hashable, Sendable {
    /// The form asked for; nil where `Accept` decides.
    public var form: FeedForm?
    /// Where to start and in which direction to go.
    public var range: StreamRange
    /// The most events wanted, 1 to 1,000; nil means the page size.
    public var limit: Int?

    /// Describes a query.
    ///
    /// - Parameters:
    ///   - form: The form asked for.
    ///   - range: Where to start and in which direction to go.
    ///   - limit: The most events wanted.
    public init(form: FeedForm? = nil, range: StreamRange = .newest, limit: Int? = nil) {
        self.form = form
        self.range = range
        self.limit = limit
    }

    /// The canonical query without `?`: `form`, then `after` or `before`, then `limit`, each if it
    /// was given.
    public var canonical: String {
        var parts: [String] = []
        if let form { parts.append("form=\(form)") }
        switch range {
        case .newest: break
        case .after(let version): parts.append("after=\(version)")
        case .before(let version): parts.append("before=\(version)")
        }
        if let limit { parts.append("limit=\(limit)") }
        return parts.joined(separator: "&")
    }

    /// Reads a query as it was sent.
    ///
    /// - Parameters:
    ///   - query: What stands after `?`, with its escapes; nil or empty where there is none.
    ///   - limits: The highest `limit`.
    /// - Returns: The query.
    /// - Throws: ``InvalidParameter`` for an unknown or repeated name and for any value that is not
    ///   allowed.
    public static func parse(_ query: String?, limits: WireLimits = .standard)
        throws(InvalidParameter) -> StreamQuery
    {
        let values = try QueryPairs(query).single(["form", "after", "before", "limit"])
        var parsed = StreamQuery()
        if let text = values["form"] {
            guard let form = FeedForm(rawValue: text) else {
                throw InvalidParameter("form", value: text, expected: "atom, json or ndjson")
            }
            parsed.form = form
        }
        if let text = values["after"] {
            parsed.range = .after(try QueryValue.version("after", text))
        }
        if let text = values["before"] {
            guard values["after"] == nil else {
                throw InvalidParameter("before", value: text, expected: "not together with after")
            }
            let version = try QueryValue.version("before", text)
            guard version > .empty else {
                throw InvalidParameter("before", value: text, expected: "a version from 1 on")
            }
            parsed.range = .before(version)
        }
        if let text = values["limit"] {
            parsed.limit = try QueryValue.integer("limit", text, in: 1...limits.answerEvents)
        }
        return parsed
    }

    /// Checks the query of an address that takes no parameters.
    ///
    /// - Parameter query: What stands after `?`; nil or empty where there is none.
    /// - Throws: ``InvalidParameter`` that names the first parameter.
    public static func refuseAll(_ query: String?) throws(InvalidParameter) {
        _ = try QueryPairs(query).single([])
    }
}
