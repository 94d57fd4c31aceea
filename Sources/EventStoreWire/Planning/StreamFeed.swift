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
            links: links(name, numbers, reading, isEmpty: entries.isEmpty, addresses),
            entries: numbers.isForward ? entries.reversed() : entries
        )
    }

    private static func links(
        _ name: String,
        _ numbers: PageNumbers,
        _ reading: PageReading,
        isEmpty: Bool,
        _ addresses: WireAddresses
    ) -> [WireLink] {
        func older(_ from: String) -> String {
            addresses.page(name, from: from, backward: numbers.count)
        }
        func newer(_ from: String) -> String {
            addresses.page(name, from: from, forward: numbers.count)
        }
        var links = [
            WireLink(uri: addresses.stream(name), relation: "self"),
            WireLink(uri: older("head"), relation: "first"),
        ]
        if let number = numbers.preceding(reading) {
            links.append(WireLink(uri: newer("0"), relation: "last"))
            links.append(WireLink(uri: older(String(number)), relation: "next"))
        }
        if !numbers.isForward || !isEmpty || !numbers.isAtHead(reading) {
            let number = numbers.following(reading)
            links.append(WireLink(uri: newer(String(number)), relation: "previous"))
        }
        links.append(WireLink(uri: addresses.metadata(of: name), relation: "metadata"))
        return links
    }
}
