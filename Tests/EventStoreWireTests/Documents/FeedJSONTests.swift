import EventModel
import Testing

@testable import EventStoreWire

@Suite struct `A page as JSON` {
    @Test func `has the members of the product in its order`() {
        let page = FeedJSON.render(
            Sample.feed([WireEntry(Sample.event())]),
            embed: .none,
            addresses: Sample.addresses
        )

        #expect(
            Sample.text(page) == """
                {
                  "title": "Event stream 's25'",
                  "id": "http://127.0.0.1:2113/streams/s25",
                  "updated": "\(Sample.timeText)",
                  "streamId": "s25",
                  "author": {
                    "name": "EventStore"
                  },
                  "headOfStream": true,
                  "selfUrl": "http://127.0.0.1:2113/streams/s25",
                  "eTag": "3;248368668",
                  "links": [
                    {
                      "uri": "http://127.0.0.1:2113/streams/s25",
                      "relation": "self"
                    },
                    {
                      "uri": "http://127.0.0.1:2113/streams/s25/head/backward/20",
                      "relation": "first"
                    }
                  ],
                  "entries": [
                    {
                      "title": "3@s25",
                      "id": "http://127.0.0.1:2113/streams/s25/3",
                      "updated": "\(Sample.timeText)",
                      "author": {
                        "name": "EventStore"
                      },
                      "summary": "typeA",
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
                  ]
                }
                """
        )
    }

    @Test func `leaves out what a page of the whole log does not have`() {
        let feed = WireFeed(
            title: "All events",
            id: "http://127.0.0.1:2113/streams/%24all",
            updated: nil,
            streamID: nil,
            headOfStream: false,
            selfURL: nil,
            eTag: nil,
            links: [],
            entries: []
        )

        let page = FeedJSON.render(feed, embed: .rich, addresses: Sample.addresses)

        #expect(
            Sample.text(page) == """
                {
                  "title": "All events",
                  "id": "http://127.0.0.1:2113/streams/%24all",
                  "updated": "0001-01-01T00:00:00Z",
                  "author": {
                    "name": "EventStore"
                  },
                  "headOfStream": false,
                  "links": [],
                  "entries": []
                }
                """
        )
    }

    @Test func `names each entry after its own stream`() {
        let entries = ["a b", "a b", "\u{E9}", "e\u{301}", "$x"].map {
            WireEntry(Sample.event(Int64.max, in: $0, type: "$streamDeleted"))
        }

        let page = Sample.text(
            FeedJSON.render(Sample.feed(entries), embed: .none, addresses: Sample.addresses)
        )

        for name in ["a%20b", "%C3%A9", "e%CC%81", "%24x"] {
            let address = "\"http://127.0.0.1:2113/streams/\(name)/9223372036854775807\""
            #expect(page.contains(address), "\(name)")
        }
        #expect(page.contains("\"title\": \"9223372036854775807@$x\""))
    }

    @Test func `escapes names and what the request said about its address`() {
        let page = FeedJSON.render(
            Sample.feed([WireEntry(Sample.event(0, in: #"q"\"#, type: "t\"\u{7F}"))]),
            embed: .rich,
            addresses: WireAddresses(base: #"http://h"x\y"#)
        )

        #expect(JSONIndent.value(in: page) != nil)
        let text = Sample.text(page)
        #expect(text.contains(#""title": "0@q\"\\""#))
        #expect(text.contains(#""id": "http://h\"x\\y/streams/q%22%5C/0""#))
        #expect(text.contains("\"summary\": \"t\\\"\u{7F}\""))
    }

    @Test(arguments: [
        (Timestamp?.none, "0001-01-01T00:00:00Z"),
        (Timestamp(microseconds: 0), "1970-01-01T00:00:00Z"),
        (Timestamp(microseconds: 10), "1970-01-01T00:00:00.00001Z"),
        (Timestamp(microseconds: 500_000), "1970-01-01T00:00:00.5Z"),
        (Timestamp(microseconds: 123_456), "1970-01-01T00:00:00.123456Z"),
        (Timestamp(microseconds: 10_000_000), "1970-01-01T00:00:10Z"),
    ])
    func `writes times without zeros at the end`(instant: Timestamp?, expected: String) {
        var bytes: [UInt8] = []
        bytes.add(instant)

        #expect(Sample.text(bytes) == expected)
    }

    @Test(arguments: [0, 7, 10, -1, -90, 1_234_567_890, Int64.max, Int64.min])
    func `writes numbers in decimal`(number: Int64) {
        var bytes: [UInt8] = Array("n".utf8)
        bytes.add(number)

        #expect(Sample.text(bytes) == "n\(number)")
    }

    @Test func `keeps up with pages of many streams`() {
        let entries = (0..<500).map { WireEntry(Sample.event($0, in: "s\($0)")) }

        for embed in EmbedMode.allCases {
            let page = FeedJSON.render(
                Sample.feed(entries),
                embed: embed,
                addresses: Sample.addresses
            )
            #expect(JSONIndent.value(in: page) == 0..<page.count)
        }
    }
}

@Suite struct `The mode of embedding` {
    @Test(
        arguments: [
            (nil, EmbedMode.none), ("", .none), ("none", .none), ("Content", .content),
            ("RICH", .rich), ("body", .body), ("Pretty", .pretty), ("TryHarder", .tryharder),
            ("PrettyBody", .none), (" body", .none), ("yes", .none),
        ] as [(String?, EmbedMode)]
    )
    func `is read in any case, and unknown ones show nothing`(
        value: String?,
        expected: EmbedMode
    ) {
        #expect(EmbedMode(query: value) == expected)
    }
}
