import AtomFormat
import EventModel
import Testing

@testable import EventStoreWire

@Suite struct `A page as XML` {
    private static let start = """
        <?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">\
        <title>Event stream 's25'</title><id>http://127.0.0.1:2113/streams/s25</id>\
        <updated>\(Sample.timeText)</updated><author><name>EventStore</name></author>\
        <link href="http://127.0.0.1:2113/streams/s25" rel="self" />\
        <link href="http://127.0.0.1:2113/streams/s25/head/backward/20" rel="first" />
        """

    private static let entry = """
        <entry><title>3@s25</title><id>http://127.0.0.1:2113/streams/s25/3</id>\
        <updated>\(Sample.timeText)</updated><author><name>EventStore</name></author>\
        <summary>typeA</summary>\
        <link href="http://127.0.0.1:2113/streams/s25/3" rel="edit" />\
        <link href="http://127.0.0.1:2113/streams/s25/3" rel="alternate" />
        """

    private static func render(_ entries: [WireEntry], embed: EmbedMode = .none) -> String {
        let feed = Sample.feed(entries)
        return Sample.text(FeedXML.render(feed, embed: embed, addresses: Sample.addresses))
    }

    @Test(arguments: EmbedMode.allCases.filter { $0 != .content })
    func `is one line, the same in all modes but one`(embed: EmbedMode) {
        #expect(
            Self.render([WireEntry(Sample.event())], embed: embed)
                == Self.start + Self.entry + "</entry></feed>"
        )
    }

    @Test func `may have no entries`() {
        let start = Self.start.replacing(Sample.timeText, with: "0001-01-01T00:00:00Z")

        #expect(Self.render([]) == start + "</feed>")
    }

    @Test func `takes events out of its own namespace in the mode content`() {
        let event = Sample.event(data: #"{"n":3,"s":"a<b"}"#)

        #expect(
            Self.render([WireEntry(event)], embed: .content) == Self.start + Self.entry + """
                <content type="application/xml"><eventStreamId xmlns="">s25</eventStreamId>\
                <eventNumber xmlns="">3</eventNumber><eventType xmlns="">typeA</eventType>\
                <eventId xmlns="">\(Sample.idText)</eventId>\
                <data xmlns=""><n>3</n><s>a&lt;b</s></data><metadata xmlns="" /></content>\
                </entry></feed>
                """
        )
    }

    @Test func `shows no content of links and of what is not JSON`() {
        let entries = [
            WireEntry(Sample.event(isJSON: false)),
            WireEntry(Sample.event(), link: .resolved(Sample.event())),
            WireEntry(Sample.event(), link: .broken(stream: "x", number: 4)),
        ]

        let text = Self.render(entries, embed: .content)

        #expect(!text.contains("<content"))
        #expect(text.contains("<title>4@x</title>"))
    }

    @Test func `is well-formed whatever names, data and headers say`() throws {
        let hostile = [
            "a<b>&\"'", "]]>", "<!--", "\u{1}\u{8}\u{1F}", "\r\n\t", "\u{FFFE}\u{FFFF}", "\u{85}",
            "é\u{301}\u{1F600}", "\" onload=\"x",
        ]
        let reader = XMLTreeReader(depth: 20, elements: 1_000)
        for text in hostile {
            let data = #"{"\#("x")":"\u0000\uFFFF\uD800","<&\u0001":[{"@a\"":"<\u0002"}]}"#
            let event = Sample.event(0, in: text, type: text, data: data, metadata: text)
            for embed in [EmbedMode.none, .content] {
                let page = FeedXML.render(
                    Sample.feed([WireEntry(event)], stream: text),
                    embed: embed,
                    addresses: WireAddresses(base: "http://" + text)
                )
                let tree = try reader.read(page)
                #expect(tree.children.last?.name.localName == "entry", "\(text)")
            }
            for codec in [EntryCodec.atomXML, .xml, .eventXML] {
                _ = try reader.read(
                    EntryDocument.render(
                        WireEntry(event),
                        as: codec,
                        embed: .none,
                        addresses: WireAddresses(base: text)
                    )
                )
            }
        }
    }

    @Test(arguments: [
        ("plain é", "plain é"), ("&<>\"'", "&amp;&lt;&gt;\"'"), ("\r\n\t", "&#xD;\n\t"),
        ("\u{0}x\u{1F}", "\u{FFFD}x\u{FFFD}"),
        ("\u{FFFE}\u{FFFF}\u{FFFD}", "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ("\u{7F}\u{10FFFF}", "\u{7F}\u{10FFFF}"),
    ])
    func `escapes text, and puts U+FFFD where XML has no character`(
        text: String,
        expected: String
    ) {
        var bytes: [UInt8] = []
        XMLOutput.append(text: text, to: &bytes)

        #expect(Sample.text(bytes) == expected)
    }

    @Test(
        arguments: [
            ([0xFF], 1), ([0xC3], 1), ([0xC0, 0x80], 2), ([0xED, 0xA0, 0x80], 3),
            ([0xF5, 0x80], 2),
            ([0xE2, 0x82], 2), ([0xF4, 0x90, 0x80, 0x80], 4), ([0x80, 0xC3, 0xA9], 1),
        ] as [([UInt8], Int)]
    )
    func `puts U+FFFD where bytes are not UTF-8`(bytes: [UInt8], count: Int) {
        var result: [UInt8] = []
        XMLOutput.append(text: bytes, to: &result)

        let text = String(validating: result, as: UTF8.self)
        #expect(text?.unicodeScalars.filter { $0 == "\u{FFFD}" }.count == count)
    }
}
