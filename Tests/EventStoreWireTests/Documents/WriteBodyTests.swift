import EventModel
import Testing

@testable import EventStoreWire

private let id = "0000000c-0000-4000-8000-00000000000a"

@Suite struct `A batch as JSON` {
    private static func event(_ json: String) throws -> WrittenEvent {
        try WriteBody.events(json: Array("[\(json)]".utf8))[0]
    }

    @Test func `has events in their order, with names in any case`() throws {
        let body = """
             [ {"eventId":"\(id)","eventType":"a","data":{"x":1},"metadata":{"$type":"q"}},
              {"EVENTID":"\(id)","EventType":"b","other":[{}],"Data":[1,2],"metaData":"meta"} ]
            """

        let events = try WriteBody.events(json: Array(body.utf8))

        #expect(
            events == [
                WrittenEvent(
                    id: EventID(id),
                    type: "a",
                    data: Array("{\n  \"x\": 1\n}".utf8),
                    isDataJSON: true,
                    metadata: Array("{\n  \"$type\": \"q\"\n}".utf8),
                    isMetadataJSON: true
                ),
                WrittenEvent(
                    id: EventID(id),
                    type: "b",
                    data: Array("[\n  1,\n  2\n]".utf8),
                    isDataJSON: true,
                    metadata: Array("meta".utf8)
                ),
            ]
        )
    }

    @Test(arguments: [
        ("123", "", false), ("true", "", false), ("false", "", false), ("null", "", false),
        ("[1,2]", "[\n  1,\n  2\n]", true), (#""plain text""#, "plain text", false),
        (#""{\"x\":1}""#, "{\n  \"x\": 1\n}", true), (#"" [ ]""#, "[]", true),
        (#""{\"x\":""#, #"{"x":"#, false), (#""5""#, "5", false), (#""""#, "", false),
        (
            #"{"f":1.0,"e":1e5,"n":12345678901234567890,"d":"1987-11-07T00:00:00.000+01:00"}"#,
            "{\n  \"f\": 1.0,\n  \"e\": 1e5,\n  \"n\": 12345678901234567890,\n"
                + "  \"d\": \"1987-11-07T00:00:00.000+01:00\"\n}", true
        ),
        (
            #"{"$type":"foo","$id":"7","k":{"$type":"bar"}}"#,
            "{\n  \"$type\": \"foo\",\n  \"$id\": \"7\",\n"
                + "  \"k\": {\n    \"$type\": \"bar\"\n  }\n}",
            true
        ),
        (#"{"a":1,"a":2}"#, "{\n  \"a\": 1,\n  \"a\": 2\n}", true),
        (#""\ud800 \u00e9""#, "\u{FFFD} \u{E9}", false),
        (#"{"s":"\ud800"}"#, "{\n  \"s\": \"\\ud800\"\n}", true),
        (#""\u0000""#, "\u{0}", false),
    ])
    func `has bytes for data of every kind`(data: String, expected: String, isJSON: Bool) throws {
        let event = try Self.event(#"{"data":\#(data),"metadata":\#(data)}"#)

        #expect(Sample.text(event.data) == expected)
        #expect(event.isDataJSON == isJSON)
        #expect(event.metadata == event.data)
        #expect(event.isMetadataJSON == isJSON)
        #expect(event.id == nil)
        #expect(event.type == nil)
    }

    @Test(arguments: [
        id, "0000000C-0000-4000-8000-00000000000A", "0000000c00004000800000000000000a",
        "{0000000c-0000-4000-8000-00000000000a}", "(0000000c-0000-4000-8000-00000000000a)",
        "  0000000c-0000-4000-8000-00000000000a\\n",
    ])
    func `takes an id in every spelling of the product`(spelling: String) throws {
        #expect(try Self.event("{\"eventId\":\"\(spelling)\"}").id == EventID(id))
    }

    @Test(arguments: ["null", "\"00000000-0000-0000-0000-000000000000\""])
    func `has no id where it is empty`(value: String) throws {
        #expect(try Self.event("{\"eventId\":\(value),\"eventType\":\"\"}") == WrittenEvent())
    }

    @Test(arguments: [
        "\"nope\"", "\"\"", "5", "{}", "[]", "true", "\"{0000000c00004000800000000000000a}\"",
        "\"{0000000c-0000-4000-8000-00000000000a)\"", "\"0000000c-0000-4000-8000-00000000000\"",
        "\"0000000c-0000-4000-8000-00000000000g\"", "\"0000000c-00004-000-8000-00000000000a\"",
        "\"\\u0660000000c-0000-4000-8000-00000000000a\"",
    ])
    func `is refused with an id that is none`(value: String) {
        #expect(throws: WriteBodyError.invalid) { try Self.event("{\"eventId\":\(value)}") }
    }

    @Test func `has types that are scalars`() throws {
        #expect(try Self.event(#"{"eventType":"t\u00e9"}"#).type == "t\u{E9}")
        #expect(try Self.event(#"{"eventType":5}"#).type == "5")
        #expect(try Self.event(#"{"eventType":null}"#).type == nil)
        #expect(throws: WriteBodyError.invalid) { try Self.event(#"{"eventType":[]}"#) }
    }

    @Test(arguments: [
        "", " ", "[]", "{}", #"{"eventId":"x"}"#, "null", "[null]", "[1]", "[[]]", "[{}]x",
        "not json", "[{}", "[{},]", "{\"a\":[{}]}", "[{a:1}]", "[{\"data\":01}]", "[\"{}\"]",
        "\u{FEFF}[{}]", "<events/>",
    ])
    func `is refused where it has another shape`(body: String) {
        #expect(throws: WriteBodyError.invalid) {
            try WriteBody.events(json: Array(body.utf8))
        }
    }

    @Test func `is refused where it is cut anywhere`() {
        let whole = Array(
            #"[{"eventId":"\#(id)","eventType":"é","data":{"a":[1e5,"\ud83d\ude00"]}}]"#.utf8
        )
        #expect(throws: Never.self) { try WriteBody.events(json: whole) }
        for count in 0..<whole.count {
            #expect(throws: WriteBodyError.invalid) {
                try WriteBody.events(json: Array(whole.prefix(count)))
            }
        }
    }

    @Test func `is refused where it is not UTF-8`() {
        for bytes in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x00], [0x1F]] as [[UInt8]] {
            let body = Array("[{\"data\":\"".utf8) + bytes + Array("\"}]".utf8)
            #expect(throws: WriteBodyError.invalid) { try WriteBody.events(json: body) }
        }
    }

    @Test func `is bounded in depth and in events`() throws {
        let limit = Limits.standard.eventsPerAppend
        let most = "[" + String(repeating: "{},", count: limit - 1) + "{}]"
        #expect(try WriteBody.events(json: Array(most.utf8)).count == limit)
        #expect(throws: WriteBodyError.tooManyEvents) {
            try WriteBody.events(json: Array(most.dropLast().utf8) + Array(",{}]".utf8))
        }

        let depth = Limits.jsonDepth
        let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(try Self.event("{\"data\":\(deep)}").isDataJSON)
        for body in ["{\"data\":[\(deep)]}", "{\"other\":[\(deep)]}"] {
            #expect(throws: WriteBodyError.invalid) { try Self.event(body) }
        }
        #expect(throws: WriteBodyError.invalid) {
            try WriteBody.events(json: [UInt8](repeating: 0x5B, count: 4 << 20))
        }
    }

    @Test func `takes numbers of any size in data`() throws {
        let digits = String(repeating: "9", count: 100_000)
        let event = try Self.event("{\"data\":[\(digits).5e\(digits)]}")

        #expect(Sample.text(event.data) == "[\n  \(digits).5e\(digits)\n]")
    }
}

@Suite struct `A batch as XML` {
    private static func events(_ xml: String) throws -> [WrittenEvent] {
        try WriteBody.events(xml: Array(xml.utf8))
    }

    @Test func `has an element for each event, with names in any case`() throws {
        let events = try Self.events(
            """
            <?xml version="1.0"?>
            <!-- two -->
            <events>
              <event>
                <EventId>\(id)</EventId>
                <EventType>a</EventType>
                <Data><MyEvent><Something>1</Something></MyEvent></Data>
                <Metadata><M>2</M></Metadata>
              </event>
              <x><eventid>{\(id)}</eventid><EVENTTYPE>b</EVENTTYPE><data>plain &lt;text</data></x>
            </events>
            """
        )

        #expect(
            events == [
                WrittenEvent(
                    id: EventID(id),
                    type: "a",
                    data: Array("{\n  \"MyEvent\": {\n    \"Something\": \"1\"\n  }\n}".utf8),
                    isDataJSON: true,
                    metadata: Array("{\n  \"M\": \"2\"\n}".utf8),
                    isMetadataJSON: true
                ),
                WrittenEvent(id: EventID(id), type: "b", data: Array("plain <text".utf8)),
            ]
        )
    }

    @Test(arguments: [
        ("<a>1</a>", "{\n  \"a\": \"1\"\n}"),
        ("<a>1</a><b/><a>2</a>", "{\n  \"a\": [\n    \"1\",\n    \"2\"\n  ],\n  \"b\": null\n}"),
        (
            "<a x='1' y='&lt;'>t</a>",
            "{\n  \"a\": {\n    \"@x\": \"1\",\n    \"@y\": \"<\",\n    \"#text\": \"t\"\n  }\n}"
        ),
        ("<a>t<b>1</b></a>", "{\n  \"a\": {\n    \"#text\": \"t\",\n    \"b\": \"1\"\n  }\n}"),
        ("<_x0024_maxCount>5</_x0024_maxCount>", "{\n  \"$maxCount\": \"5\"\n}"),
        ("<a>  </a><b> x </b>", "{\n  \"a\": null,\n  \"b\": \" x \"\n}"),
        ("<a><![CDATA[<x>]]></a>", "{\n  \"a\": \"<x>\"\n}"),
        ("<p:a xmlns:p='urn:p' p:x='1' x='2'/>", "{\n  \"a\": {\n    \"@x\": \"1\"\n  }\n}"),
        ("<!-- x --><a>é&#x1F600;</a><?y?>", "{\n  \"a\": \"é\u{1F600}\"\n}"),
        ("{\"x\":1}", "{\n  \"x\": 1\n}"), ("[1]", "[\n  1\n]"), ("text", "text"), ("", ""),
    ])
    func `has JSON for what is in its elements`(data: String, expected: String) throws {
        let event = try Self.events("<e><e><data>\(data)</data></e></e>")[0]

        #expect(Sample.text(event.data) == expected)
    }

    @Test func `is read as UTF-16 where it says so`() throws {
        let text = "<e><e><EventType>\u{E9}\u{1F600}</EventType></e></e>"
        var body: [UInt8] = [0xFF, 0xFE]
        for unit in text.utf16 {
            body += [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
        }

        #expect(try WriteBody.events(xml: body)[0].type == "\u{E9}\u{1F600}")
    }

    @Test(arguments: [
        "", "text", "<events/>", "<events>text</events>", "<events><event/></events>",
        "<events><event>text</event></events>", "<a><b></a></b>",
        "<e><e><EventId>x</EventId></e></e>",
        "<e><e><EventId/><EventType><a/></EventType></e></e>", "<p:e><e><data/></e></p:e>",
        "[{\"eventId\":\"x\"}]", "<e a='1' a='2'><e><data/></e></e>",
        "<!DOCTYPE e><e><e><data/></e></e>",
        "<!DOCTYPE e [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><e>&b;</e>",
        "<!DOCTYPE e [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><e><e><data>&x;</data></e></e>",
        "<!DOCTYPE e SYSTEM 'http://127.0.0.1:1/x.dtd'><e><e><data/></e></e>",
        "<e><e><data>&undeclared;</data></e></e>", "<e><e><data>&#0;</data></e></e>",
        "<?xml version='1.0' encoding='EBCDIC-CP-US'?><e><e><data/></e></e>",
        "<?xml version='1.0' encoding='UTF-7'?><e><e><data/></e></e>",
        "<e><e><data>\u{1}</data></e></e>", "<e><e><data/></e></e><e/>",
    ])
    func `is refused where it is no batch, and reads nothing else`(body: String) {
        #expect(throws: WriteBodyError.invalid) { try Self.events(body) }
    }

    @Test func `is refused where it is cut anywhere`() {
        let whole = Array(
            "<e><e><EventType>t\u{E9}</EventType><data a='1'><x>&amp;</x></data></e></e>".utf8
        )
        #expect(throws: Never.self) { try WriteBody.events(xml: whole) }
        for count in 0..<whole.count {
            #expect(throws: WriteBodyError.invalid) {
                try WriteBody.events(xml: Array(whole.prefix(count)))
            }
        }
    }

    @Test func `is bounded in depth, elements and events`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + "x" + String(repeating: "</a>", count: depth)
        }
        #expect(throws: Never.self) {
            try Self.events("<e><e><data>\(nested(Limits.jsonDepth - 3))</data></e></e>")
        }
        for depth in [Limits.jsonDepth - 2, 100_000] {
            #expect(throws: WriteBodyError.invalid) {
                try Self.events("<e><e><data>\(nested(depth))</data></e></e>")
            }
        }
        #expect(throws: WriteBodyError.invalid) {
            try Self.events(
                "<e><e><data>\(String(repeating: "<a/>", count: 300_000))</data></e></e>"
            )
        }
        let event = "<e><data/></e>"
        #expect(throws: WriteBodyError.tooManyEvents) {
            try Self.events("<e>\(String(repeating: event, count: 10_001))</e>")
        }
    }
}
