import EventModel
import Testing

@testable import EventStoreWire

/// What an entry shows of its event.
@Suite struct `An entry with its event` {
    /// What every entry ends with.
    private static func plain(
        _ name: String = "3@s25",
        _ path: String = "s25/3",
        _ type: String = "typeA",
        content: String = ""
    ) -> String {
        """
          "title": "\(name)",
          "id": "http://127.0.0.1:2113/streams/\(path)",
          "updated": "\(Sample.timeText)",
          "author": {
            "name": "EventStore"
          },
          "summary": "\(type)",
        \(content)  "links": [
            {
              "uri": "http://127.0.0.1:2113/streams/\(path)",
              "relation": "edit"
            },
            {
              "uri": "http://127.0.0.1:2113/streams/\(path)",
              "relation": "alternate"
            }
          ]
        }
        """
    }

    /// What is known about an event in `s25`, with what the modes add.
    private static func rich(
        bodies: String = "",
        isJSON: Bool = true,
        isMetadata: Bool = false
    ) -> String {
        """
        {
          "eventId": "\(Sample.idText)",
          "eventType": "typeA",
          "eventNumber": 3,
        \(bodies)  "streamId": "s25",
          "isJson": \(isJSON),
          "isMetaData": \(isMetadata),
          "isLinkMetaData": false,
          "positionEventNumber": 3,
          "positionStreamId": "s25",

        """
    }

    private static let entry = WireEntry(
        Sample.event(data: #"{"n":[1,{}],"s":"v"}"#, metadata: #"[{"m":1}]"#)
    )

    @Test func `shows it as JSON in the mode content`() {
        let content = """
              "content": {
                "eventStreamId": "s25",
                "eventNumber": 3,
                "eventType": "typeA",
                "eventId": "\(Sample.idText)",
                "data": {
                  "n": [
                    1,
                    {}
                  ],
                  "s": "v"
                },
                "metadata": [
                  {
                    "m": 1
                  }
                ]
              },

            """

        #expect(
            Sample.entry(Self.entry, embed: .content) == "{\n" + Self.plain(content: content)
        )
    }

    @Test(arguments: [
        ("", #""""#), ("plain \"text\"", #""plain \"text\"""#), ("not json", #""not json""#),
        ("5", "5"), ("1e5", "1e5"), ("null", "null"), (" [ ] ", "[]"), ("{", #""{""#),
        ("{} {}", #""{} {}""#),
    ])
    func `shows what is no JSON as a string`(data: String, expected: String) {
        let entry = WireEntry(Sample.event(data: data, metadata: data))

        let text = Sample.entry(entry, embed: .content)

        #expect(text.contains("\n    \"data\": \(expected),\n    \"metadata\": \(expected)\n"))
    }

    @Test func `shows nothing of an event that is not JSON in the mode content`() {
        let entry = WireEntry(Sample.event(isJSON: false))

        #expect(Sample.entry(entry, embed: .content) == "{\n" + Self.plain())
    }

    @Test func `says what is known about it in the mode rich`() {
        #expect(Sample.entry(Self.entry, embed: .rich) == Self.rich() + Self.plain())
    }

    @Test func `shows stored bytes in the mode body`() {
        let bodies = #"""
              "data": "{\"n\":[1,{}],\"s\":\"v\"}",
              "metaData": "[{\"m\":1}]",

            """#

        let expected = Self.rich(bodies: bodies, isMetadata: true) + Self.plain()
        #expect(Sample.entry(Self.entry, embed: .body) == expected)
    }

    @Test(arguments: [EmbedMode.pretty, .tryharder])
    func `indents objects, and objects alone, in the mode pretty`(embed: EmbedMode) {
        let bodies = #"""
              "data": "{\n  \"n\": [\n    1,\n    {}\n  ],\n  \"s\": \"v\"\n}",
              "metaData": "[{\"m\":1}]",

            """#

        let expected = Self.rich(bodies: bodies, isMetadata: true) + Self.plain()
        #expect(Sample.entry(Self.entry, embed: embed) == expected)
    }

    @Test(arguments: [EmbedMode.body, .pretty])
    func `shows no data of an event that is not JSON`(embed: EmbedMode) {
        let entry = WireEntry(Sample.event(metadata: "m", isJSON: false))

        let bodies = "  \"metaData\": \"m\",\n"
        let expected =
            Self.rich(bodies: bodies, isJSON: false, isMetadata: true) + Self.plain()
        #expect(Sample.entry(entry, embed: embed) == expected)
    }

    @Test(arguments: [
        (#"{"a":1}"#, #"{\n  \"a\": 1\n}"#, true), ("[1]", "[1]", false), ("x", "x", false),
        ("", "", false), ("{\"a\":\u{1}}", #"{\"a\":\u0001}"#, false),
    ])
    func `finds out what is JSON in the mode tryharder`(
        data: String,
        expected: String,
        isJSON: Bool
    ) {
        let entry = WireEntry(Sample.event(data: data, isJSON: false))

        let bodies = "  \"data\": \"\(expected)\",\n"
        #expect(
            Sample.entry(entry, embed: .tryharder)
                == Self.rich(bodies: bodies, isJSON: isJSON) + Self.plain()
        )
    }

    @Test func `has U+FFFD where stored bytes are not UTF-8`() {
        var event = Sample.event(isJSON: false)
        event = WireEvent(
            streamID: event.streamID,
            number: event.number,
            type: event.type,
            id: event.id,
            recordedAt: event.recordedAt,
            data: [0x00, 0x01, 0xFF, 0xFE] + Array("binary".utf8),
            metadata: [],
            isJSON: false
        )

        #expect(
            Sample.document(WireEntry(event), .json) == "\"\\u0000\\u0001\u{FFFD}\u{FFFD}binary\""
        )
    }

    @Test func `is that of the target where it is a link`() {
        let link = Sample.event(7, in: "links", type: "$>", data: "3@s25", metadata: #"{"l":1}"#)
        let target = Sample.event(metadata: #"{"m":1}"#)
        let entry = WireEntry(link, link: .resolved(target))

        #expect(
            Sample.entry(entry, embed: .pretty) == #"""
                {
                  "eventId": "\#(Sample.idText)",
                  "eventType": "typeA",
                  "eventNumber": 3,
                  "data": "{\n  \"n\": 3\n}",
                  "metaData": "{\n  \"m\": 1\n}",
                  "linkMetaData": "{\n  \"l\": 1\n}",
                  "streamId": "s25",
                  "isJson": true,
                  "isMetaData": true,
                  "isLinkMetaData": true,
                  "positionEventNumber": 7,
                  "positionStreamId": "links",

                """# + Self.plain("3@s25", "s25/3", "$>")
        )
        #expect(
            Sample.entry(entry, embed: .content) == "{\n" + Self.plain("3@s25", "s25/3", "$>")
        )
    }

    @Test(arguments: EmbedMode.allCases)
    func `shows nothing where a link leads nowhere`(embed: EmbedMode) {
        let link = Sample.event(7, in: "links", type: "$>", data: "0@no where", isJSON: true)
        let entry = WireEntry(link, link: .broken(stream: "no where", number: 0))

        #expect(
            Sample.entry(entry, embed: embed)
                == "{\n" + Self.plain("0@no where", "no%20where/0", "$>")
        )
    }

    @Test func `is the link itself where nobody asked for its target`() {
        let link = Sample.event(3, type: "$>", data: "0@other", metadata: #"{"l":1}"#)

        let text = Sample.entry(WireEntry(link), embed: .content)

        #expect(text.contains("\"data\": \"0@other\",\n    \"metadata\": {\n      \"l\": 1\n"))
    }
}
