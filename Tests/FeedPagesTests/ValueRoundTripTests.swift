import EventModel
import EventTesting
import FeedPages
import Testing

@Suite struct `Values` {
    static let boundary: [Payload] =
        [65_535, 65_536, 65_537].map {
            Payload(Array(repeating: UInt8(ascii: "x"), count: $0), mediaType: .plainText)
        }
        + [49_151, 49_152, 49_153].map {
            Payload(Array(repeating: 0xFF, count: $0), mediaType: .octetStream)
        }
        + [13_107, 13_108].map {
            Payload(Array(repeating: UInt8(ascii: "&"), count: $0), mediaType: .plainText)
        }

    static let typed: [Payload] = [
        ("{\"a\":1}", "application/vnd.api+json"), ("{\"a\":1}", "application/json;charset=UTF-8"),
        ("{\"a\":1}", "application/json; charset=latin1"), ("a", "text/plain; charset=utf-16"),
        ("<a/>", "image/svg+xml"), ("<a/>", "application/xhtml+xml"), ("<a/>", "image/xml"),
        ("part", "multipart/mixed;boundary=x"), ("Subject: x", "message/rfc822"),
        (" {}", "application/json"), ("{}\t", "application/json"), ("{\n}", "application/json"),
        ("{\"\r\":1}", "application/json"), ("nope", "application/json"),
        ("\u{FFFE}", "text/plain"),
        ("x", "text/plain;charset=utf-8;charset=latin1"), ("html", "text/html"), ("1", "text/json"),
    ].map { Payload(Array($0.utf8), mediaType: MediaType(stored: $1)) }

    @Test(
        arguments: Sample.awkwardPayloads + boundary + typed,
        FeedForm.allCases
    )
    func `leave every form as they came`(payload: Payload, form: FeedForm) throws {
        var history = try History()
        try history.add("s", "T", payload, payload)
        let bytes = history.headBytes(form)
        let fields = history.headDocument().facts.fields
        let parsed = try ParsedFeed.parse(bytes, form, fields: fields)
        let entry = try #require(parsed.entries.first)
        let isOutOfLine = ValueForm(of: payload) == .outOfLine
        #expect(entry.outOfLine.count == (isOutOfLine ? 2 : 0))
        let fetched = isOutOfLine ? payload.bytes : nil
        let event = try entry.recorded(data: fetched, metadata: fetched)
        #expect(event == history.events[0])
        #expect(parsed.facts.chain(over: [event]) == parsed.facts.chain)
        #expect(bytes.count < WireLimits.entryBytes)
    }

    @Test func `stand in line up to 65,536 encoded bytes`() {
        let forms = Self.boundary.map { ValueForm(of: $0) }
        #expect(
            forms == [
                .text, .text, .outOfLine, .base64, .base64, .outOfLine, .text, .outOfLine,
            ]
        )
    }

    @Test(arguments: [
        ("{\"a\": 1e400, \"a\":1.0}", #""data":{"a": 1e400, "a":1.0}"#),
        ("{\n}", #""dataText":"{\n}""#), (" {}", #""dataText":" {}""#),
        ("nope", #""dataText":"nope""#), ("\"x\"", #""data":"x""#), ("", #""dataText":"""#),
    ])
    func `that are JSON are copied, or go as text`(text: String, member: String) throws {
        var history = try History()
        try history.add("s", "T", .json(text))
        let line = String(decoding: history.headBytes(.ndjson), as: UTF8.self)
        #expect(line.contains(",\(member)}"))
    }

    @Test func `of composite types never have them as the type of Atom content`() throws {
        var history = try History()
        let payload = Payload([1], mediaType: MediaType(stored: "Multipart/Mixed; boundary=x"))
        try history.add("s", "T", payload)
        let text = String(decoding: history.headBytes(), as: UTF8.self)
        #expect(
            text.contains(
                #"<content type="application/octet-stream" "#
                    + #"ef:media-type="Multipart/Mixed; boundary=x" ef:encoding="base64">AQ=="#
            )
        )
    }

    @Test func `fetched from elsewhere are checked`() throws {
        let history = try History.examples()
        let page = history.page(try #require(PageRange("1-10")))
        let entry = try ParsedFeed.parse(page, .atom).entries[3]
        let (kind, value) = try #require(entry.outOfLine.first)
        #expect(kind == .data)
        #expect(value.reference == "data/4")
        #expect(value.length == 70_000)
        let good = history.events[3].data.bytes
        #expect(try entry.recorded(data: good) == history.events[3])
        var changed = good
        changed[69_999] = 0
        for bad in [good + [0], Array(good.dropLast()), changed] {
            let error = #expect(throws: FeedFormatError.self) { try entry.recorded(data: bad) }
            #expect(error?.code == .wrongDigest)
            #expect(error?.number == 4)
        }
        let error = #expect(throws: FeedFormatError.self) { try entry.recorded() }
        #expect(error?.code == .missing)
    }

    @Test(arguments: Sample.awkwardPayloads + boundary + typed)
    func `are taken back from a line that we write`(payload: Payload) throws {
        let event = NewEvent(
            stream: try StreamName("é\u{2028}\"s"),
            type: try EventType("T*"),
            data: payload,
            metadata: .json("{\"a\" : 1.0}")
        )
        for expected in [nil, .any, ExpectedVersion.none, .exists, .exactly(StreamVersion(7))] {
            let line = event.line(expecting: expected)
            #expect(line.last == UInt8(ascii: "\n"))
            #expect(line.count { $0 == UInt8(ascii: "\n") } == 1)
            let submitted = try EventLinesReader.parse(line)
            #expect(submitted.events == [event])
            #expect(submitted.expectations[event.stream] == expected)
        }
    }
}
