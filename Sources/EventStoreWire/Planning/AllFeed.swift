import EventModel

/// What is asked for on a page of everything.
struct AllRequest: Sendable {
    /// The number that the page begins after, or before which it ends; nil for the newest.
    var from: EventNumber?
    /// How many events, 1 to 4,096.
    var count: Int64
    /// Whether the page goes on to newer events.
    var isForward: Bool
    /// How the page is written.
    var form: PageForm
    /// How long the answer may wait for something new; nil for not at all.
    var longPollSeconds: Int?
    /// Which events are wanted; nil for all of them.
    var filter: AllFilter?
}

/// What was read for a page of everything.
struct AllReading: Sendable {
    /// The events, oldest first.
    var events: [RecordedEvent]
    /// The number of the newest event of the whole history.
    var head: EventNumber
    /// The number before the first one looked at.
    var after: EventNumber
    /// The last number looked at.
    var through: EventNumber
    /// Whether as many events were found as asked for, or more would not fit.
    var isFull: Bool
}

/// A page of everything as a document.
///
/// A place is the number of events before it.
enum AllFeed {
    /// Puts a page together.
    ///
    /// - Parameters:
    ///   - request: What was asked for.
    ///   - reading: What was read.
    ///   - entries: The events as entries, oldest first.
    ///   - addresses: What addresses begin with.
    /// - Returns: The document, newest entry first.
    static func document(
        _ request: AllRequest,
        _ reading: AllReading,
        _ entries: [WireEntry],
        _ addresses: WireAddresses
    ) -> WireFeed {
        let all = addresses.stream("$all")
        let own = request.filter == nil ? all : all + "/filtered"
        return WireFeed(
            title: "All events",
            id: own,
            updated: entries.last?.shownTime,
            streamID: nil,
            headOfStream: false,
            selfURL: nil,
            eTag: nil,
            links: links(request, reading, own, all),
            entries: entries.reversed()
        )
    }

    private static func links(
        _ request: AllRequest,
        _ reading: AllReading,
        _ own: String,
        _ all: String
    ) -> [WireLink] {
        let count = request.count
        let query = request.filter.map { "?" + $0.query } ?? ""
        func page(_ place: EventNumber, _ direction: String, _ relation: String) -> WireLink {
            WireLink(
                uri: "\(own)/\(WireNumbers.text(of: place))/\(direction)/\(count)\(query)",
                relation: relation
            )
        }
        var links = [
            WireLink(uri: own, relation: "self"),
            WireLink(uri: "\(own)/head/backward/\(count)\(query)", relation: "first"),
        ]
        let hasOlder =
            request.isForward
            ? request.from ?? .beginning > .beginning
            : reading.isFull || reading.after > .beginning && request.filter != nil
        if hasOlder {
            links.append(page(.beginning, "forward", "last"))
            links.append(page(reading.after, "backward", "next"))
        }
        if !request.isForward || reading.through > reading.after {
            links.append(page(reading.through, "forward", "previous"))
        }
        links.append(WireLink(uri: all + "/metadata", relation: "metadata"))
        return links
    }

    /// Whether the page can never get another event.
    static func isComplete(_ request: AllRequest, _ reading: AllReading) -> Bool {
        guard let from = request.from else { return false }
        return request.isForward ? reading.isFull : from <= reading.head
    }
}
