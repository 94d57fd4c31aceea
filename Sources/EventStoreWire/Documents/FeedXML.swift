/// A page of events as Atom, for `application/atom+xml`, `application/xml` and `text/xml`.
enum FeedXML {
    /// Writes a page; of the modes only `content` shows anything in XML.
    ///
    /// - Parameters:
    ///   - feed: What the page has.
    ///   - embed: How much of their events the entries show.
    ///   - addresses: Where entries lead.
    /// - Returns: The document.
    static func render(_ feed: WireFeed, embed: EmbedMode, addresses: WireAddresses) -> [UInt8] {
        var xml: [UInt8] = []
        // Most pages have small events: 450 bytes hold an entry of names that are not long.
        xml.reserveCapacity(2_048 + feed.entries.count * 450)
        xml.add(XMLOutput.declaration)
        xml.add("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>")
        XMLOutput.append(text: feed.title, to: &xml)
        xml.add("</title><id>")
        XMLOutput.append(text: feed.id, to: &xml)
        xml.add("</id><updated>")
        xml.add(feed.updated)
        xml.add("</updated><author><name>EventStore</name></author>")
        for link in feed.links {
            xml.add("<link href=\"")
            XMLOutput.append(attribute: link.uri, to: &xml)
            xml.add("\" rel=\"")
            XMLOutput.append(attribute: link.relation, to: &xml)
            xml.add("\" />")
        }
        var entries = EntryXML(.plain, showsContent: embed == .content, addresses: addresses)
        for entry in feed.entries { entries.write(entry, to: &xml) }
        xml.add("</feed>")
        return xml
    }
}
