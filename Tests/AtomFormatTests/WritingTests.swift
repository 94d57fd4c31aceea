import AtomFormat
import Testing

@Suite struct `Writing documents` {
    @Test func `gives the bytes of the specification`() throws {
        var feed = AtomFeed(
            id: "urn:uuid:0b6f",
            title: "EventFeed",
            updated: "2026-01-01T00:00:15.000010Z"
        )
        feed.authors = [AtomPerson(name: "EventFeed")]
        feed.extensions = [
            XMLElement(XMLName(ef, "feed"), attributes: [XMLAttribute(XMLName("", "format"), "1")])
        ]
        feed.isArchive = true
        feed.links = [AtomLink(.self, href: "1-10.atom")]
        var entry = AtomEntry(
            id: "urn:uuid:1bcc",
            title: "Written",
            updated: "2026-01-01T00:00:03Z"
        )
        entry.edited = entry.updated
        entry.extensions = [
            XMLElement(
                XMLName(ef, "event"),
                attributes: [XMLAttribute(XMLName("", "number"), "2")]
            ),
            XMLElement(
                XMLName(ef, "metadata"),
                attributes: [XMLAttribute(XMLName("", "type"), "text")],
                text: "{}"
            ),
        ]
        entry.categories = [AtomCategory(term: "Written", scheme: "urn:eventfeed:type")]
        entry.links = [AtomLink(.alternate, href: "../../events/2")]
        entry.content = AtomContent(
            "Grüße\r\n\"x\" <y>\n",
            type: "text",
            attributes: [XMLAttribute(XMLName(ef, "media-type"), "text/plain")]
        )
        feed.entries = [entry]

        let written = String(decoding: try feedWriter.write(feed), as: UTF8.self)

        #expect(
            written == """
                <?xml version="1.0" encoding="utf-8"?>
                <feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://www.w3.org/2007/app" \
                xmlns:ef="urn:eventfeed:1" xmlns:fh="http://purl.org/syndication/history/1.0">
                  <id>urn:uuid:0b6f</id>
                  <title>EventFeed</title>
                  <updated>2026-01-01T00:00:15.000010Z</updated>
                  <author><name>EventFeed</name></author>
                  <ef:feed format="1"/>
                  <fh:archive/>
                  <link rel="self" href="1-10.atom"/>
                  <entry>
                    <id>urn:uuid:1bcc</id>
                    <title>Written</title>
                    <updated>2026-01-01T00:00:03Z</updated>
                    <app:edited>2026-01-01T00:00:03Z</app:edited>
                    <ef:event number="2"/>
                    <category scheme="urn:eventfeed:type" term="Written"/>
                    <link rel="alternate" href="../../events/2"/>
                    <content type="text" ef:media-type="text/plain">Grüße&#13;
                "x" &lt;y&gt;
                </content>
                    <ef:metadata type="text">{}</ef:metadata>
                  </entry>
                </feed>

                """
        )
    }

    @Test func `writes a service document as the specification does`() throws {
        let service = AtomService(
            workspaces: [
                .init(
                    title: "EventFeed",
                    collections: [
                        .init(
                            href: "feed",
                            title: "All events",
                            accept: ["application/atom+xml;type=entry"],
                            categories: [AtomCategories(href: "categories")]
                        )
                    ]
                )
            ],
            extensions: [XMLElement(XMLName(ef, "feed"))]
        )
        let writer = AtomWriter(
            namespaces: AtomWriter.publishingNamespaces + [XMLNamespace(prefix: "ef", uri: ef)]
        )

        let written = String(decoding: try writer.write(service), as: UTF8.self)

        #expect(
            written == """
                <?xml version="1.0" encoding="utf-8"?>
                <service xmlns="http://www.w3.org/2007/app" \
                xmlns:atom="http://www.w3.org/2005/Atom" xmlns:ef="urn:eventfeed:1">
                  <ef:feed/>
                  <workspace>
                    <atom:title>EventFeed</atom:title>
                    <collection href="feed">
                      <atom:title>All events</atom:title>
                      <accept>application/atom+xml;type=entry</accept>
                      <categories href="categories"/>
                    </collection>
                  </workspace>
                </service>

                """
        )
    }

    @Test func `writes a category document as the specification does`() throws {
        let writer = AtomWriter(
            namespaces: [XMLNamespace(prefix: "", uri: AtomNamespaces.publishing)]
        )
        let categories = AtomCategories([], scheme: "urn:eventfeed:type", isFixed: false)

        let written = String(decoding: try writer.write(categories), as: UTF8.self)

        #expect(
            written == """
                <?xml version="1.0" encoding="utf-8"?>
                <categories xmlns="http://www.w3.org/2007/app" fixed="no" \
                scheme="urn:eventfeed:type"/>

                """
        )
    }

    @Test func `gives empty text both tags`() throws {
        var entry = sampleEntry(1)
        entry.content = AtomContent("", type: "text")

        let written = String(decoding: try feedWriter.write(entry), as: UTF8.self)

        #expect(written.contains(#"<content type="text"></content>"#))
    }

    @Test func `gives content that is elsewhere one tag`() throws {
        var entry = sampleEntry(1)
        entry.content = AtomContent(
            src: "data/4",
            type: "text/plain",
            attributes: [XMLAttribute(XMLName(ef, "length"), "70000")]
        )

        let written = String(decoding: try feedWriter.write(entry), as: UTF8.self)

        #expect(written.contains(#"<content type="text/plain" src="data/4" ef:length="70000"/>"#))
    }

    @Test(arguments: ["\u{0}", "a\u{1}", "\u{B}", "\u{1F}", "x\u{FFFE}", "\u{FFFF}y"])
    func `refuses characters that XML cannot carry`(_ text: String) throws {
        var inText = sampleEntry(1)
        inText.content = AtomContent(text, type: "text")
        var inAttribute = sampleEntry(1)
        inAttribute.links = [AtomLink(.alternate, href: text)]

        for entry in [inText, inAttribute] {
            let error = #expect(throws: AtomError.self) { try feedWriter.write(entry) }
            #expect(error?.code == .unwritable)
        }
        #expect(XMLText.escapedLength(of: Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        "\u{7F}\u{85}", "\t\n\r", "\u{D7FF}\u{E000}\u{FFFD}\u{10000}\u{10FFFF}\u{FEFF}",
    ])
    func `writes all others`(_ text: String) throws {
        var entry = sampleEntry(1)
        entry.content = AtomContent(text, type: "text")

        let bytes = try feedWriter.write(entry)

        #expect(try keepingParser.parse(bytes).entry?.content?.text == text)
        #expect(XMLText.escapedLength(of: Array(text.utf8)) != nil)
    }

    @Test func `refuses a namespace that the root does not declare`() {
        var entry = sampleEntry(1)
        entry.extensions = [XMLElement(XMLName("urn:other", "x"))]

        let error = #expect(throws: AtomError.self) { try feedWriter.write(entry) }

        #expect(error?.subject == "{urn:other}x")
    }

    @Test func `refuses child elements that were not kept`() {
        var entry = sampleEntry(1)
        entry.content = AtomContent("text of markup", type: "application/xml")
        entry.content?.hasElements = true

        let error = #expect(throws: AtomError.self) { try feedWriter.write(entry) }

        #expect(error?.code == .unwritable)
    }
}

@Suite struct `Writing piece by piece` {
    @Test func `puts a piece where the whole would have it`() throws {
        var whole = XMLWriter()
        whole.start("feed")
        whole.element("id", number: 1)
        whole.start("entry")
        whole.element("id", number: 2)
        whole.end()
        whole.end()

        var piece = XMLWriter(pieceAtDepth: 1)
        piece.start("entry")
        piece.element("id", number: 2)
        piece.end()
        var around = XMLWriter()
        around.start("feed")
        around.element("id", number: 1)
        around.splice(piece.bytes)
        around.end()

        #expect(around.finish() == whole.finish())
    }

    @Test func `escapes bytes as it escapes text`() throws {
        let text = "a<b>&\r\n\t\"é\u{1F389}"
        var first = XMLWriter()
        first.start("t")
        try first.text(text)
        first.end()
        var second = XMLWriter()
        second.start("t")
        try second.text(utf8: Array(text.utf8))
        second.end()

        let bytes = first.finish()

        #expect(bytes == second.finish())
        #expect(XMLText.escapedLength(of: Array(text.utf8)) == bytes.count - 38 - 1 - 3 - 4 - 1)
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE2, 0x82], [0xE0, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xEF, 0xBF, 0xBE], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFF], [0x41, 0xF0, 0x9F, 0x8E], [0xE2, 0x28, 0xA1],
        ] as [[UInt8]]
    )
    func `refuses bytes that are not UTF-8`(_ bytes: [UInt8]) {
        var writer = XMLWriter()
        writer.start("t")

        #expect(throws: AtomError.self) { try writer.text(utf8: bytes) }
        #expect(XMLText.escapedLength(of: bytes) == nil)
    }
}

extension XMLWriter {
    /// Writes a block element with a number.
    fileprivate mutating func element(_ name: String, number: Int) {
        start(name)
        base64([UInt8(number)])
        end()
    }
}
