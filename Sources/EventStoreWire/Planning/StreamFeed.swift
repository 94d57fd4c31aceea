import EventModel

/// A page of a stream as a document: links, facts and entries.
enum StreamFeed {
    /// Puts a page together.
    ///
    /// - Parameters:
    ///   - request: What was asked for.
    ///   - numbers: Its arithmetic.
    ///   - reading: How reading went.
    ///   - entries: What was read, in the order of the read.
    ///   - addresses: What addresses begin with.
    /// - Returns: The document, newest entry first.
    static func document(
        _ request: PageRequest,
        _ numbers: PageNumbers,
        _ reading: PageReading,
        _ entries: [WireEntry],
        _ addresses: WireAddresses
    ) -> WireFeed {
        let name = request.stream.text
        let own = addresses.stream(name)
        return WireFeed(
            title: "Event stream '\(name)'",
            id: own,
            updated: entries.first?.shownTime,
            streamID: name,
            headOfStream: numbers.isAtHead(reading),
            selfURL: numbers.isForward ? nil : own,
            eTag: numbers.isHead && !numbers.isForward
                ? WireTag.text(number: numbers.last, codec: .atomJSON) : nil,
            links: links(numbers, reading, isEmpty: entries.isEmpty, own),
            entries: numbers.isForward ? entries.reversed() : entries
        )
    }

    private static func links(
        _ numbers: PageNumbers,
        _ reading: PageReading,
        isEmpty: Bool,
        _ own: String
    ) -> [WireLink] {
        let count = numbers.count
        var links = [
            WireLink(uri: own, relation: "self"),
            WireLink(uri: "\(own)/head/backward/\(count)", relation: "first"),
        ]
        if let older = numbers.preceding(reading) {
            links.append(WireLink(uri: "\(own)/0/forward/\(count)", relation: "last"))
            links.append(WireLink(uri: "\(own)/\(older)/backward/\(count)", relation: "next"))
        }
        if !numbers.isForward || !isEmpty || !numbers.isAtHead(reading) {
            let newer = numbers.following(reading)
            links.append(WireLink(uri: "\(own)/\(newer)/forward/\(count)", relation: "previous"))
        }
        links.append(WireLink(uri: "\(own)/metadata", relation: "metadata"))
        return links
    }
}
