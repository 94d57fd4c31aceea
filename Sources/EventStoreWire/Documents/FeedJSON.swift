/// A page of events as `application/vnd.eventstore.atom+json`, which `application/json` gets too.
enum FeedJSON {
    /// Writes a page.
    ///
    /// - Parameters:
    ///   - feed: What the page has.
    ///   - embed: How much of their events the entries show.
    ///   - addresses: Where entries lead.
    /// - Returns: The document.
    static func render(_ feed: WireFeed, embed: EmbedMode, addresses: WireAddresses) -> [UInt8] {
        // Most pages have small events: 700 bytes hold an entry of names that are not long.
        var json = JSONOutput(capacity: 2_048 + feed.entries.count * (embed.isRich ? 1_400 : 700))
        json.openObject()
        json.member("title", feed.title)
        json.member("id", feed.id)
        json.name("updated")
        json.time(feed.updated)
        if let streamID = feed.streamID { json.member("streamId", streamID) }
        json.name("author")
        json.openObject()
        json.member("name", "EventStore")
        json.closeObject()
        json.name("headOfStream")
        json.bool(feed.headOfStream)
        if let selfURL = feed.selfURL { json.member("selfUrl", selfURL) }
        if let eTag = feed.eTag { json.member("eTag", eTag) }
        json.name("links")
        json.openArray()
        for link in feed.links {
            json.element()
            json.openObject()
            json.member("uri", link.uri)
            json.member("relation", link.relation)
            json.closeObject()
        }
        json.closeArray()
        json.name("entries")
        json.openArray()
        var entries = EntryJSON(.page, embed: embed, addresses: addresses)
        for entry in feed.entries {
            json.element()
            entries.write(entry, to: &json)
        }
        json.closeArray()
        json.closeObject()
        return json.bytes
    }
}
