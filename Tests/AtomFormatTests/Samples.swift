import AtomFormat

/// The namespace of the extensions in these tests.
let ef = "urn:eventfeed:1"

/// A parser that keeps the extensions of these tests.
let keepingParser = AtomParser(extensions: [ef])

/// A writer that declares what the samples use, in the order of `feeds/README.md`.
let feedWriter = AtomWriter(
    namespaces: [
        XMLNamespace(prefix: "", uri: AtomNamespaces.atom),
        XMLNamespace(prefix: "app", uri: AtomNamespaces.publishing),
        XMLNamespace(prefix: "ef", uri: ef),
        XMLNamespace(prefix: "fh", uri: AtomNamespaces.history),
    ],
    afterContent: [XMLName(ef, "metadata")]
)

/// A small feed in which everything occurs that a feed may have.
func sampleFeed(entries: Int = 2) -> AtomFeed {
    var feed = AtomFeed(id: "urn:uuid:1", title: "Loans & more", updated: "2026-01-01T00:00:15Z")
    feed.subtitle = AtomText("<b>of</b> a library", kind: .html)
    feed.authors = [AtomPerson(name: "Ann", uri: "http://example.org/", email: "a@example.org")]
    feed.isArchive = true
    feed.links = [
        AtomLink(.self, href: "1-10.atom"),
        AtomLink(.first, href: "../../feed.atom?after=1&limit=2", type: "application/atom+xml"),
    ]
    feed.categories = [AtomCategory(term: "loans", scheme: "urn:x", label: "Loans")]
    feed.extensions = [
        XMLElement(
            XMLName(ef, "feed"),
            attributes: [XMLAttribute(XMLName("", "epoch"), "e\t\"1\"\r\n")]
        )
    ]
    feed.entries = (0..<entries).map(sampleEntry)
    return feed
}

/// An entry in which everything occurs that an entry may have.
func sampleEntry(_ index: Int) -> AtomEntry {
    var entry = AtomEntry(
        id: "urn:uuid:entry-\(index)",
        title: "Requested",
        updated: "2026-01-01T00:00:01.500001Z"
    )
    entry.published = "2026-01-01T00:00:01Z"
    entry.edited = entry.updated
    entry.authors = [AtomPerson(name: "Grüße 🎉")]
    entry.extensions = [
        XMLElement(
            XMLName(ef, "event"),
            attributes: [XMLAttribute(XMLName("", "number"), String(index))]
        ),
        XMLElement(
            XMLName(ef, "metadata"),
            attributes: [XMLAttribute(XMLName("", "type"), "text")],
            text: #"{"a":[1.0, "<&>"]}"#
        ),
    ]
    entry.categories = [AtomCategory(term: "Requested", scheme: "urn:eventfeed:type")]
    entry.links = [AtomLink(.alternate, href: "../../events/\(index)")]
    entry.summary = "image/png, 4 bytes"
    entry.content = AtomContent(
        " {\"note\":\"a < b & c ]]>\"}\r\n\tend ",
        type: "text",
        attributes: [XMLAttribute(XMLName(ef, "media-type"), "application/json")]
    )
    return entry
}

/// A feed document around some XML.
func feedDocument(_ inside: String, attributes: String = "") -> [UInt8] {
    Array(
        """
        <feed xmlns="http://www.w3.org/2005/Atom" xmlns:ef="urn:eventfeed:1"\(attributes)>\
        <id>urn:f</id><title>T</title><updated>2026-01-01T00:00:00Z</updated>\(inside)</feed>
        """.utf8
    )
}

/// A feed document with one entry around some XML.
func entryDocument(_ inside: String) -> [UInt8] {
    feedDocument("<entry><id>urn:e</id><title>E</title><updated>2026</updated>\(inside)</entry>")
}

extension AtomDocument {
    /// The feed, if the document is one.
    var feed: AtomFeed? {
        if case .feed(let feed) = self { feed } else { nil }
    }

    /// The entry: the document itself, or the first of a feed.
    var entry: AtomEntry? {
        if case .entry(let entry) = self { entry } else { feed?.entries.first }
    }
}

/// Returns the error of a document that cannot be read.
func fault(of bytes: [UInt8], _ parser: AtomParser = keepingParser) -> AtomError? {
    do {
        _ = try parser.parse(bytes)
        return nil
    } catch {
        return error
    }
}
