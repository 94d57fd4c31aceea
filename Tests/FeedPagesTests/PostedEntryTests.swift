import EventModel
import FeedPages
import Testing

@Suite struct `A posted entry` {
    private func entry(_ children: String) -> [UInt8] {
        Array(
            """
            <?xml version="1.0"?><a:entry xmlns:a="http://www.w3.org/2005/Atom"
              xmlns:e="urn:eventfeed:1">\(children)</a:entry>
            """.utf8
        )
    }

    private static let event = "<e:event stream='s' type='T' number='0' version='x'/>"
    private static let content = "<a:content>x</a:content>"

    private func parse(_ children: String, stream: String? = nil) throws -> NewEvent {
        try NewEvent.entry(entry(children), stream: stream.map { try StreamName($0) })
    }

    @Test(arguments: [
        ("<a:content>a\u{2028}b</a:content>", "text/plain", "a\u{2028}b"),
        ("<a:content type='html'>&lt;p></a:content>", "text/html", "<p>"),
        ("<a:content type='text/markdown'>*x*</a:content>", "text/markdown", "*x*"),
        (
            "<a:content type='text' e:media-type='application/json'> {&quot;a&quot;:1}</a:content>",
            "application/json", " {\"a\":1}"
        ),
        ("<a:content type='image/png'> AA\n E= </a:content>", "image/png", "\0\u{1}"),
        ("<a:content e:encoding='base64'>eA==</a:content>", "text/plain", "x"),
        (
            "<a:content type='application/octet-stream' e:encoding='base64' "
                + "e:media-type='multipart/mixed'>eA==</a:content>", "multipart/mixed", "x"
        ),
        (
            "<a:content type='application/xml' e:encoding='base64'>eA==</a:content>",
            "application/xml", "x"
        ),
        ("<a:content type='text'/>", "text/plain", ""),
    ])
    func `has its data in content`(content: String, mediaType: String, text: String) throws {
        let event = try parse(Self.event + content)
        #expect(event.data.mediaType.text == mediaType)
        #expect(event.data.bytes == Array(text.utf8))
        #expect(event.stream.text == "s")
        #expect(event.type.text == "T")
        #expect(event.metadata == nil)
    }

    @Test func `has its metadata in an element of its own`() throws {
        let event = try parse(
            Self.event + Self.content
                + "<e:metadata type='text' media-type='application/json'>{\"a\":1}</e:metadata>"
        )
        #expect(event.metadata == .json("{\"a\":1}"))
    }

    @Test(arguments: [
        (" urn:uuid:018F6D0E-5C1E-7C55-8E0B-3F2F6F2F7A10 ", "018f6d0e-5c1e-7c55-8e0b-3f2f6f2f7a10"),
        ("tag:example.org,2026:1", "2446b782-a8c2-59ff-ab50-027278d5cd61"),
    ])
    func `is named by its id`(text: String, id: String) throws {
        #expect(try parse("<a:id>\(text)</a:id>" + Self.event + Self.content).id.description == id)
    }

    @Test func `without an id gets a new one each time`() throws {
        let first = try parse("<a:id> </a:id>" + Self.event + Self.content)
        let second = try parse(Self.event + Self.content)
        #expect(first.id != second.id)
    }

    @Test(arguments: [
        ("<e:event stream='s' type='T'/><a:title>x</a:title>", "T"),
        (
            "<e:event stream='s'/><a:category term='no'/>"
                + "<a:category scheme='urn:eventfeed:type' term='C'/><a:title>x</a:title>", "C"
        ),
        ("<e:event stream='s'/><a:title>\n Title \n</a:title>", "Title"),
    ])
    func `has its type from the first place that names one`(children: String, type: String) throws {
        #expect(try parse(children + Self.content).type.text == type)
    }

    @Test func `belongs to the stream of its address`() throws {
        #expect(try parse("<a:title>T</a:title>" + Self.content, stream: "x").stream.text == "x")
        #expect(try parse(Self.event + Self.content, stream: "s").stream.text == "s")
        let error = #expect(throws: InvalidSubmission.self) {
            try parse(Self.event + Self.content, stream: "x")
        }
        #expect(error?.reason == .otherStream)
    }

    @Test(
        arguments: [
            ("<a:title>T</a:title><a:content>x</a:content>", .missing, "ef:event/@stream"),
            ("<e:event stream='s'/><a:content>x</a:content>", .missing, "ef:event/@type"),
            ("<e:event stream='s'/><a:title> </a:title><a:content/>", .missing, "ef:event/@type"),
            ("<e:event stream='s' type=''/><a:content/>", .empty, "ef:event/@type"),
            ("<e:event stream='.' type='T'/><a:content/>", .reservedName, "ef:event/@stream"),
            (event, .missing, "content"),
            (event + event + content, .repeatedMember, "ef:event"),
            (event + "<a:content src='data/1' type='a/b'/>", .outOfLine, "content/@src"),
            (event + "<a:content type='application/json'>{}</a:content>", .notBase64, "content"),
            (event + "<a:content>a<b/></a:content>", .wrongType, "content"),
            (
                event + "<a:content e:encoding='gzip'>a</a:content>", .wrongType,
                "content/@ef:encoding"
            ),
            (
                event + "<a:content e:media-type='x'>a</a:content>", .mediaType,
                "content/@ef:media-type"
            ),
            (event + content + "<a:id>urn:uuid:x</a:id>", .notUUID, "id"),
            (event + content + "<e:metadata>{}</e:metadata>", .mediaType, "ef:metadata"),
            (
                event + content + "<e:metadata media-type='application/json'>[]</e:metadata>",
                .notObject,
                "ef:metadata"
            ),
            (
                event + content + "<e:metadata src='x' type='application/json'/>", .outOfLine,
                "ef:metadata/@src"
            ),
        ] as [(String, InvalidSubmission.Reason, String)]
    )
    func `is refused by name`(children: String, reason: InvalidSubmission.Reason, field: String) {
        let error = #expect(throws: InvalidSubmission.self) { try parse(children) }
        #expect(error?.problem == .invalidEvent)
        #expect(error?.reason == reason, "\(String(describing: error))")
        #expect(error?.field == field)
        #expect(error?.line == nil)
    }

    @Test(arguments: [
        "<a:content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'/></a:content>",
        "<a:content type='application/xml'><x/></a:content>",
        "<a:content type='image/svg+xml'>x</a:content>",
    ])
    func `with markup as data is of a media type that is not taken`(content: String) {
        let error = #expect(throws: InvalidSubmission.self) { try parse(Self.event + content) }
        #expect(error?.problem == .unsupportedMediaType)
        #expect(error?.description.contains("type=\"text\"") == true)
    }

    @Test(arguments: ["", "{}", "<entry/>", "<a:entry xmlns:a='http://www.w3.org/2005/Atom'>"])
    func `that is none is refused as a body`(text: String) {
        let error = #expect(throws: InvalidSubmission.self) {
            try NewEvent.entry(Array(text.utf8), stream: nil)
        }
        #expect(error?.problem == .invalidBody)
    }

    @Test func `is what we write about an event`() throws {
        let history = try History.examples()
        let document = history.eventDocument(1).render(.atom)
        #expect(try NewEvent.entry(document, stream: nil) == history.events[0].event)
    }

    @Test func `is limited in bytes`() throws {
        let limits = WireLimits(
            store: Limits(dataBytes: 2, metadataBytes: 2, eventsPerAppend: 1, bytesPerAppend: 99)
        )
        let error = #expect(throws: InvalidSubmission.self) {
            try NewEvent.entry(
                entry(Self.event + "<a:content>xyz</a:content>"),
                stream: nil,
                limits: limits
            )
        }
        #expect(error?.problem == .tooLarge)
        #expect(error?.size == 3)
    }
}
