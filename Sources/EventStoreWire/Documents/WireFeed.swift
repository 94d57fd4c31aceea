import EventModel

/// A link of a feed.
struct WireLink: Hashable, Sendable {
    /// Where it leads.
    let uri: String
    /// What is there, such as `previous`.
    let relation: String
}

/// An event in the stream that is read, with what it links to.
struct WireEntry: Hashable, Sendable {
    /// What became of a link.
    enum Link: Hashable, Sendable {
        /// The event that it leads to.
        case resolved(WireEvent)
        /// It leads to an event that is not there, or that may not be read.
        case broken(stream: String, number: Int64)
    }

    /// The event as it stands in the stream.
    let event: WireEvent
    /// What it links to; nil where it is no link, or not to be resolved.
    let link: Link?

    init(_ event: WireEvent, link: Link? = nil) {
        self.event = event
        self.link = link
    }

    /// The event that is shown: the one that a link leads to where that is there.
    var shown: WireEvent {
        if case .resolved(let target) = link { target } else { event }
    }
}

/// A page of a stream, or of the whole log.
struct WireFeed: Hashable, Sendable {
    /// The title, such as `Event stream 'orders'`.
    let title: String
    /// The stream's address.
    let id: String
    /// When the page changed; nil where it has no event.
    let updated: Timestamp?
    /// The stream's name; nil for the whole log.
    let streamID: String?
    /// Whether the page was asked for as the stream's head.
    let headOfStream: Bool
    /// The stream's address, on pages that go backward.
    let selfURL: String?
    /// The entity tag without quotes, on the head page.
    let eTag: String?
    /// The page's links in their order.
    let links: [WireLink]
    /// The entries, the newest first.
    let entries: [WireEntry]
}
