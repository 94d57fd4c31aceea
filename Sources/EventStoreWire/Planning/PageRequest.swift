import EventModel

/// What is asked for on a page of one stream, in the product's numbers.
struct PageRequest: Equatable, Sendable {
    /// The stream.
    var stream: StreamName
    /// The number to begin at; nil for the newest.
    var from: Int64?
    /// How many numbers the page covers, 1 to 4,096.
    var count: Int64
    /// Whether the page goes on to newer events.
    var isForward: Bool
    /// How the page is written.
    var form: PageForm
    /// How long the answer may wait for something new; nil for not at all.
    var longPollSeconds: Int?
}

/// How a page or an entry is written.
struct PageForm: Equatable, Sendable {
    /// The media type.
    var codec: WireCodec
    /// What is put into entries.
    var embed: EmbedMode
    /// Whether links are shown as what they lead to.
    var resolvesLinks: Bool
}

/// The numbers of a page: which events it has, and where its links lead.
///
/// All of it is arithmetic; nothing is read here. Numbers count from 0, as in the product.
struct PageNumbers: Equatable {
    /// The number of the stream's newest event.
    let last: Int64
    /// The lowest number that is read.
    let firstLive: Int64
    /// The number that the page begins at.
    let from: Int64
    /// How many numbers the page covers.
    let count: Int64
    /// Whether the page goes on to newer events.
    let isForward: Bool
    /// Whether the newest events were asked for, whatever their numbers.
    let isHead: Bool

    init(_ request: PageRequest, _ state: StreamState) {
        last = state.version.rawValue - 1
        firstLive = state.firstLive.rawValue - 1
        from = request.from ?? last
        count = request.count
        isForward = request.isForward
        isHead = request.from == nil
    }

    /// The numbers to read; nil where there are none.
    var window: ClosedRange<Int64>? {
        let low = max(isForward ? from : from - count + 1, firstLive, 0)
        let high = min(isForward ? highestAsked : from, last)
        return low <= high ? low...high : nil
    }

    /// The highest number of a page that goes forward.
    private var highestAsked: Int64 {
        from > Int64.max - count ? .max : from + count - 1
    }

    /// The read that brings the window's events.
    var range: (range: StreamRange, events: Int)? {
        guard let window else { return nil }
        let events = Int(window.upperBound - window.lowerBound + 1)
        return isForward
            ? (.after(StreamVersion(window.lowerBound)), events)
            // A version is a number and one; what is before a version does not have it.
            : (.before(StreamVersion(window.upperBound + 2)), events)
    }

    /// The number after the newest of the page: what a reader asks for next.
    func following(_ reading: PageReading) -> Int64 {
        if isForward { return (reading.cutAt ?? min(highestAsked, last)) + 1 }
        return min(from, last) + 1
    }

    /// The number before the oldest of the page; nil where nothing older is read.
    func preceding(_ reading: PageReading) -> Int64? {
        if isForward { return from >= 1 ? from - 1 : nil }
        if let cutAt = reading.cutAt { return cutAt - 1 }
        let oldest = from - count + 1
        return oldest <= firstLive || reading.hasGap ? nil : oldest - 1
    }

    /// Whether there is nothing newer than the page; of one that goes back, whether the newest
    /// were asked for.
    func isAtHead(_ reading: PageReading) -> Bool {
        isForward ? reading.cutAt == nil && highestAsked >= last : isHead
    }

    /// Whether the page can never get another event.
    var isComplete: Bool {
        isForward ? highestAsked <= last : !isHead && from <= last
    }
}

/// What reading a page's window brought, apart from the events.
struct PageReading: Equatable {
    /// The last number that still fitted where the page would have become too large.
    var cutAt: Int64?
    /// Whether events of the window are not read any more.
    var hasGap: Bool
}
