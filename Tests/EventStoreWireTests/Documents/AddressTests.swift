import EventModel
import Testing

@testable import EventStoreWire

@Suite struct `An address` {
    @Test(arguments: [
        ("orders-1", "orders-1"), ("odd name@x%y", "odd%20name%40x%25y"), ("$$s20", "%24%24s20"),
        ("AZaz09-_.~", "AZaz09-_.~"), ("a/b", "a%2Fb"), ("'\"", "%27%22"), ("é", "%C3%A9"),
        ("e\u{301}", "e%CC%81"), ("\u{1F600}", "%F0%9F%98%80"), ("!*()", "%21%2A%28%29"),
        ("+&=?#", "%2B%26%3D%3F%23"), ("привет", "%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82"),
    ])
    func `has a name with all but the unreserved characters escaped`(
        name: String,
        escaped: String
    ) {
        let addresses = Sample.addresses

        #expect(addresses.stream(name) == "http://127.0.0.1:2113/streams/" + escaped)
        #expect(WireAddresses.path(of: name) == "/streams/" + escaped)
    }

    @Test func `names events, metadata and pages`() {
        let addresses = WireAddresses(base: "https://h/p")

        #expect(addresses.event("a b", 0) == "https://h/p/streams/a%20b/0")
        #expect(
            addresses.event("s", .max) == "https://h/p/streams/s/9223372036854775807"
        )
        #expect(addresses.metadata(of: "$$s") == "https://h/p/streams/%24%24s/metadata")
        #expect(
            addresses.page("s", from: "head", backward: 20)
                == "https://h/p/streams/s/head/backward/20"
        )
        #expect(
            addresses.page("s", from: "25", forward: 4_096)
                == "https://h/p/streams/s/25/forward/4096"
        )
    }
}

@Suite struct `An event of the store in the product's words` {
    private static func recorded(
        _ type: String,
        _ data: MediaType,
        _ metadata: MediaType? = nil
    ) throws -> WireEvent {
        let event = NewEvent(
            stream: try StreamName("s"),
            type: try EventType(type),
            data: Payload(Array("d".utf8), mediaType: data),
            metadata: metadata.map { Payload(Array("m".utf8), mediaType: $0) }
        )
        return try WireEvent(
            RecordedEvent(
                number: #require(EventNumber(rawValue: 40)),
                version: #require(StreamVersion(rawValue: 5)),
                recordedAt: Sample.time,
                event: event
            )
        )
    }

    @Test func `counts from 0, and a tombstone has the highest number`() throws {
        #expect(try Self.recorded("t", .json).number == 4)
        #expect(try Self.recorded("$streamDeleted", .json).number == Int64.max)
    }

    @Test func `is JSON where its data or its metadata are`() throws {
        let problem = try MediaType("application/problem+json; charset=utf-8")

        #expect(try Self.recorded("t", .json).isJSON)
        #expect(try Self.recorded("t", problem).isJSON)
        #expect(try Self.recorded("t", .plainText, .json).isJSON)
        #expect(try !Self.recorded("t", .plainText, .octetStream).isJSON)
        #expect(try !Self.recorded("t", .octetStream).isJSON)
    }

    @Test func `keeps bytes, names and time`() throws {
        let event = try Self.recorded("t", .json, .json)

        #expect(event.streamID == "s")
        #expect(event.type == "t")
        #expect(event.recordedAt == Sample.time)
        #expect(event.data == Array("d".utf8))
        #expect(event.metadata == Array("m".utf8))
    }
}

@Suite struct `What the node and its streams say of themselves` {
    @Test func `describes a stream with addresses that have no host`() {
        #expect(
            Sample.text(DescriptionDocument.render("a'b é")) == """
                {
                  "title": "Description document for 'a'b é'",
                  "description": "The description document will be presented when no accept \
                header is present or it was requested",
                  "_links": {
                    "self": {
                      "href": "/streams/a%27b%20%C3%A9",
                      "supportedContentTypes": [
                        "application/vnd.eventstore.streamdesc+json"
                      ]
                    },
                    "stream": {
                      "href": "/streams/a%27b%20%C3%A9",
                      "supportedContentTypes": [
                        "application/atom+xml",
                        "application/vnd.eventstore.atom+json"
                      ]
                    }
                  }
                }
                """
        )
    }

    @Test func `answers a ping`() {
        #expect(
            Sample.text(NodeDocuments.ping(as: .json))
                == "{\n  \"msgTypeId\": 1,\n  \"text\": \"Ping request successfully handled\"\n}"
        )
        #expect(
            Sample.text(NodeDocuments.ping(as: .text)) == "Text: Ping request successfully handled"
        )
        let xml = NodeDocuments.ping(as: .xml)
        #expect(xml.count == 210)
        #expect(
            Sample.text(xml).hasSuffix(
                "<Text>Ping request successfully handled</Text></TextMessage>"
            )
        )
    }

    @Test func `says which version clients may take it for`() {
        #expect(
            Sample.text(NodeDocuments.info(as: .json)) == """
                {
                  "esVersion": "5.0.11.0",
                  "state": "master",
                  "projectionsMode": "None"
                }
                """
        )
        for codec in NodeDocuments.Codec.allCases {
            #expect(Sample.text(NodeDocuments.info(as: codec)).contains("5.0.11.0"))
        }
    }
}
