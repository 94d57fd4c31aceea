import EventModel
import Testing

@testable import EventStoreWire

@Suite struct `A single event` {
    private static let entry = WireEntry(
        Sample.event(data: #"{"n":3,"s":"v3"}"#, metadata: #"{"m":3}"#)
    )

    private static let eventXML = """
        <eventStreamId>s25</eventStreamId><eventNumber>3</eventNumber>\
        <eventType>typeA</eventType><eventId>\(Sample.idText)</eventId>\
        <data><n>3</n><s>v3</s></data><metadata><m>3</m></metadata>
        """

    @Test func `is an entry with its content as atom+json`() {
        let text = Sample.document(Self.entry, .atomJSON)

        #expect(
            text == """
                {
                  "title": "3@s25",
                  "id": "http://127.0.0.1:2113/streams/s25/3",
                  "updated": "\(Sample.timeText)",
                  "author": {
                    "name": "EventStore"
                  },
                  "summary": "typeA",
                  "content": {
                    "eventStreamId": "s25",
                    "eventNumber": 3,
                    "eventType": "typeA",
                    "eventId": "\(Sample.idText)",
                    "data": {
                      "n": 3,
                      "s": "v3"
                    },
                    "metadata": {
                      "m": 3
                    }
                  },
                  "links": [
                    {
                      "uri": "http://127.0.0.1:2113/streams/s25/3",
                      "relation": "edit"
                    },
                    {
                      "uri": "http://127.0.0.1:2113/streams/s25/3",
                      "relation": "alternate"
                    }
                  ]
                }
                """
        )
        #expect(Sample.document(Self.entry, .atomJSON, embed: .content) == text)
    }

    @Test func `says what is known in front of the entry`() {
        let rich = #"""
            {
              "eventId": "\#(Sample.idText)",
              "eventType": "typeA",
              "eventNumber": 3,
              "data": "{\n  \"n\": 3,\n  \"s\": \"v3\"\n}",
              "metaData": "{\n  \"m\": 3\n}",
              "streamId": "s25",
              "isJson": true,
              "isMetaData": true,
              "isLinkMetaData": false,
              "positionEventNumber": 3,
              "positionStreamId": "s25",

            """#

        let plain = Sample.document(Self.entry, .atomJSON).dropFirst(2)
        #expect(Sample.document(Self.entry, .atomJSON, embed: .pretty) == rich + plain)
    }

    @Test func `is a prefixed entry as atom+xml`() {
        #expect(
            Sample.document(Self.entry, .atomXML, embed: .body) == """
                <?xml version="1.0" encoding="utf-8"?>\
                <atom:entry xmlns:atom="http://www.w3.org/2005/Atom">\
                <atom:title>3@s25</atom:title>\
                <atom:id>http://127.0.0.1:2113/streams/s25/3</atom:id>\
                <atom:updated>\(Sample.timeText)</atom:updated>\
                <atom:author><atom:name>EventStore</atom:name></atom:author>\
                <atom:summary>typeA</atom:summary>\
                <atom:link href="http://127.0.0.1:2113/streams/s25/3" rel="edit" />\
                <atom:link href="http://127.0.0.1:2113/streams/s25/3" rel="alternate" />\
                <atom:content type="application/xml">\(Self.eventXML)</atom:content></atom:entry>
                """
        )
    }

    @Test func `is its data alone as JSON and XML`() {
        #expect(Sample.document(Self.entry, .json) == "{\n  \"n\": 3,\n  \"s\": \"v3\"\n}")
        #expect(Sample.document(Self.entry, .xml) == "<data><n>3</n><s>v3</s></data>")
        #expect(Sample.document(Self.entry, .octetStream) == #"{"n":3,"s":"v3"}"#)
    }

    @Test func `is all of itself as event+json and event+xml`() {
        #expect(
            Sample.document(Self.entry, .eventJSON) == """
                {
                  "eventStreamId": "s25",
                  "eventNumber": 3,
                  "eventType": "typeA",
                  "eventId": "\(Sample.idText)",
                  "data": {
                    "n": 3,
                    "s": "v3"
                  },
                  "metadata": {
                    "m": 3
                  }
                }
                """
        )
        #expect(Sample.document(Self.entry, .eventXML) == "<event>\(Self.eventXML)</event>")
    }

    @Test(
        arguments: [
            // The product answers 408 after ten seconds to the forms in XML of all of these.
            (#""#, true, #""""#, "<data />"),
            ("", false, #""""#, "<data />"),
            (
                "[1,[2,3],{}]", true, nil,
                "<data><data>1</data>"
                    + "<data><data>2</data><data>3</data></data><data /></data>"
            ),
            ("[]", true, "[]", "<data />"),
            ("1.0", true, "1.0", "<data>1.0</data>"),
            ("null", true, "null", "<data />"),
            (#""a<b""#, true, #""a<b""#, "<data>a&lt;b</data>"),
            ("plain text", false, #""plain text""#, "<data>plain text</data>"),
            (#"{"a":1}"#, false, #""{\"a\":1}""#, #"<data>{"a":1}</data>"#),
            (
                "<a><b>1</b></a>", false, #""<a><b>1</b></a>""#,
                "<data>&lt;a&gt;&lt;b&gt;1"
                    + "&lt;/b&gt;&lt;/a&gt;</data>"
            ),
            ("not json", true, #""not json""#, "<data>not json</data>"),
        ] as [(String, Bool, String?, String)]
    )
    func `has an answer for data of every kind`(
        data: String,
        isJSON: Bool,
        json: String?,
        xml: String
    ) {
        let entry = WireEntry(Sample.event(data: data, isJSON: isJSON))

        if let json { #expect(Sample.document(entry, .json) == json) }
        #expect(Sample.document(entry, .xml) == xml)
        #expect(Sample.document(entry, .eventXML).contains(xml + "<metadata /></event>"))
        #expect(Sample.document(entry, .octetStream) == data)
        #expect(Sample.document(entry, .eventJSON).hasSuffix(",\n  \"metadata\": \"\"\n}"))
    }

    @Test func `is the target of a link, which has no content`() {
        let link = Sample.event(0, in: "links", type: "$>", data: "3@s25")
        let entry = WireEntry(link, link: .resolved(Self.entry.event))

        #expect(Sample.document(entry, .eventJSON) == Sample.document(Self.entry, .eventJSON))
        #expect(Sample.document(entry, .json) == Sample.document(Self.entry, .json))
        let atom = Sample.document(entry, .atomJSON)
        #expect(atom.hasPrefix("{\n  \"title\": \"3@s25\""))
        #expect(atom.contains("\"summary\": \"$>\",\n  \"links\""))
        #expect(!Sample.document(entry, .atomXML).contains("content"))
    }

    @Test func `is an empty object or nothing where a stream has no metadata`() {
        for codec in EntryCodec.allCases {
            let isJSON = [EntryCodec.atomJSON, .json, .eventJSON].contains(codec)
            #expect(EntryDocument.noMetadata(as: codec) == (isJSON ? Array("{}".utf8) : []))
        }
    }

    @Test func `runs no script in a browser`() {
        let hostile = "</title><script>alert(1)</script><a href=\"javascript:x\" b='"
        let event = Sample.event(
            0,
            in: hostile,
            type: hostile,
            data: #"{"a":"\#("</pre><script>x</script>")"}"#,
            metadata: "<script>"
        )
        let entry = WireEntry(event)
        let feed = WireFeed(
            title: hostile,
            id: "x",
            updated: nil,
            streamID: nil,
            headOfStream: false,
            selfURL: nil,
            eTag: nil,
            links: [WireLink(uri: "javascript:alert(1)", relation: hostile)],
            entries: [entry]
        )

        for base in ["javascript:alert(1)//", "http://h\"><script>"] {
            let addresses = WireAddresses(base: base)
            let document = EntryDocument.render(
                entry,
                as: .html,
                embed: .none,
                addresses: addresses
            )
            for text in [Sample.text(document), Sample.text(HTMLDocument.render(feed))] {
                #expect(text.hasPrefix("<!DOCTYPE html>"))
                #expect(text.contains("&lt;script&gt;alert(1)"))
                #expect(!text.contains("<script"))
                #expect(!text.contains("href=\"javascript"))
                #expect(!text.contains("<a href=\"javascript"))
            }
        }
    }

    @Test func `is shown with a link to itself in a browser`() {
        let text = Sample.document(Self.entry, .html)

        #expect(text.contains("<title>3@s25</title>"))
        #expect(text.contains("<a href=\"http://127.0.0.1:2113/streams/s25/3\">3</a>"))
        #expect(text.contains("<pre>{\n  \"n\": 3,\n  \"s\": \"v3\"\n}</pre>"))
    }
}
