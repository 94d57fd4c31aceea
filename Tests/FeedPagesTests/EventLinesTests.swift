import EventModel
import FeedPages
import Testing

@Suite struct `Event lines` {
    private func parse(_ body: String, limits: WireLimits = .standard) throws -> SubmittedEvents {
        try EventLinesReader.parse(Array(body.utf8), limits: limits)
    }

    static let id = "018f6d0e-5c1e-7c55-8e0b-3f2f6f2f7a10"

    @Test func `have defaults for what they leave out`() throws {
        let submitted = try parse(
            """
            {"stream":"s","type":"T","data": {"a" : 1.0} }
            {"stream":"s","type":"T","dataText":"a\\nb"}
            {"stream":"s","type":"T","dataBase64":"AAE="}
            {"stream":"s","type":"T","data":"x","mediaType":"text/plain","metadataText":"{}"}
            """
        )
        #expect(
            submitted.events.map(\.data) == [
                .json("{\"a\" : 1.0}"), Payload(Array("a\nb".utf8), mediaType: .plainText),
                Payload([0, 1], mediaType: .octetStream),
                Payload(Array("\"x\"".utf8), mediaType: .plainText),
            ]
        )
        #expect(submitted.events.map(\.metadata) == [nil, nil, nil, .json("{}")])
        #expect(Set(submitted.events.map(\.id)).count == 4)
        #expect(submitted.expectations.isEmpty)
        #expect(submitted.streams == [try StreamName("s")])
    }

    @Test func `may end with CR LF, be blank, and lack the last line feed`() throws {
        let line = #"{"stream":"s","type":"T","data":1}"#
        let submitted = try parse("\r\n \t\n\(line)\r\n\r\n\(line) \n\(line)")
        #expect(submitted.lines == [3, 5, 6])
        #expect(submitted.line(of: try StreamName("s")) == 3)
        #expect(submitted.line(of: submitted.events[1].id) == 5)
    }

    @Test(arguments: [1, 2, 3, 7, 64, 1_000])
    func `arrive in pieces of any size`(size: Int) throws {
        let body = Array(
            (0..<20).map { "{\"stream\":\"s-\($0)\",\"type\":\"é\",\"data\":{\"n\":\($0)}}\r\n" }
                .joined().utf8
        )
        var reader = EventLinesReader()
        for start in stride(from: 0, to: body.count, by: size) {
            try reader.read(body[start..<min(start + size, body.count)])
        }
        let submitted = try reader.finish()
        #expect(submitted.events.map(\.stream.text) == (0..<20).map { "s-\($0)" })
    }

    @Test func `say what they expect on the first line of a stream`() throws {
        let submitted = try parse(
            """
            {"stream":"a","type":"T","data":1,"expect":0}
            {"stream":"b","type":"T","data":1,"expect":"exists"}
            {"stream":"a","type":"T","data":1,"expect":"none"}
            {"stream":"b","type":"T","data":1}
            {"stream":"c","type":"T","data":1,"expect":7,"number":"x","version":null}
            """
        )
        let expected: [StreamName: ExpectedVersion] = [
            try StreamName("a"): ExpectedVersion.none, try StreamName("b"): .exists,
            try StreamName("c"): .exactly(StreamVersion(7)),
        ]
        #expect(submitted.expectations == expected)
    }

    static let invalid: [(String, InvalidSubmission.Reason, String)] = [
        (#"{"type":"T","data":1}"#, .missing, "stream"),
        (#"{"stream":"s","data":1}"#, .missing, "type"),
        (#"{"stream":1,"type":"T","data":1}"#, .wrongType, "stream"),
        (#"{"stream":"","type":"T","data":1}"#, .empty, "stream"),
        (#"{"stream":"..","type":"T","data":1}"#, .reservedName, "stream"),
        (#"{"stream":"s ","type":"T","data":1}"#, .surroundingSpace, "stream"),
        (#"{"stream":"s","type":"\u0000","data":1}"#, .character, "type"),
        (#"{"stream":"s","type":"\ud800","data":1}"#, .character, "type"),
        (#"{"stream":"s","type":"T"}"#, .choice, "data"),
        (#"{"stream":"s","type":"T","data":1,"dataText":""}"#, .choice, "data"),
        (#"{"stream":"s","type":"T","data":1,"colour":"red"}"#, .unknownMember, "colour"),
        (#"{"stream":"s","type":"T","data":1,"data":1}"#, .repeatedMember, "data"),
        (#"{"stream":"s","type":"T","data":1,"dat\u0061":1}"#, .repeatedMember, "data"),
        (#"{"stream":"s","type":"T","dataText":1}"#, .wrongType, "dataText"),
        (#"{"stream":"s","type":"T","dataBase64":"AA E="}"#, .notBase64, "dataBase64"),
        (#"{"stream":"s","type":"T","dataBase64":"AAE"}"#, .notBase64, "dataBase64"),
        (#"{"stream":"s","type":"T","dataSrc":"data/1"}"#, .outOfLine, "dataSrc"),
        (#"{"stream":"s","type":"T","data":1,"metadataDigest":""}"#, .outOfLine, "metadataDigest"),
        (#"{"stream":"s","type":"T","data":1,"id":"x"}"#, .notUUID, "id"),
        (#"{"stream":"s","type":"T","data":1,"mediaType":"json"}"#, .mediaType, "mediaType"),
        (#"{"stream":"s","type":"T","data":1,"metadata":[]}"#, .notObject, "metadata"),
        (#"{"stream":"s","type":"T","data":1,"metadataText":"{"}"#, .notJSON, "metadataText"),
        (#"{"stream":"s","type":"T","data":1,"metadataText":"1"}"#, .notObject, "metadataText"),
        (
            #"{"stream":"s","type":"T","data":1,"metadataBase64":"ew=="}"#, .notJSON,
            "metadataBase64"
        ),
        (
            #"{"stream":"s","type":"T","data":1,"metadataBase64":"MQ=="}"#, .notObject,
            "metadataBase64"
        ),
        (
            #"{"stream":"s","type":"T","data":1,"metadata":{},"metadataMediaType":"text/plain"}"#,
            .mediaType, "metadataMediaType"
        ),
        (
            #"{"stream":"s","type":"T","data":1,"metadataMediaType":"application/json"}"#, .choice,
            "metadataMediaType"
        ),
        (#"{"stream":"s","type":"T","data":1,"expect":"some"}"#, .expectation, "expect"),
        (#"{"stream":"s","type":"T","data":1,"expect":-1}"#, .expectation, "expect"),
        (#"{"stream":"s","type":"T","data":1,"expect":1.0}"#, .expectation, "expect"),
        (#"{"stream":"s","type":"T","data":1,"expect":null}"#, .expectation, "expect"),
        (#"{"stream":"first","type":"T","data":1,"expect":2}"#, .expectation, "expect"),
        (#"{"stream":"s","type":"T","data":1,"id":"\#(id)"}"#, .repeatedID, "id"),
    ]

    @Test(arguments: invalid)
    func `are refused by name and line`(
        line: String,
        reason: InvalidSubmission.Reason,
        field: String
    ) {
        let first = #"{"stream":"first","type":"T","data":1,"id":"\#(Self.id)"}"#
        let error = #expect(throws: InvalidSubmission.self) { try parse("\(first)\n\(line)\n") }
        #expect(error?.problem == .invalidEvent)
        #expect(error?.reason == reason)
        #expect(error?.field == field)
        #expect(error?.line == 2)
        #expect(error?.description.hasPrefix("Line 2: ") == true)
    }

    @Test(
        arguments: [
            ("", nil, nil), ("\n \r\n", nil, nil), ("\u{FEFF}{}", 1, nil), ("[]", 1, 1),
            ("\n{]", 2, 2),
            ("{\"stream\":\"s\",", 1, 15), ("{}{}", 1, 3), ("{\"a\":\u{1}}", 1, 6), ("nope", 1, 1),
        ] as [(String, Int?, Int?)]
    )
    func `that are none are refused with line and column`(body: String, line: Int?, column: Int?) {
        let error = #expect(throws: InvalidSubmission.self) { try parse(body) }
        #expect(error?.problem == .invalidBody)
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test func `are limited in depth, bytes and count`() throws {
        func line(_ data: String) -> String {
            "{\"stream\":\"s\",\"type\":\"T\",\"data\":\(data)}\n"
        }
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try parse(line(nested(128)))
        let deep = #expect(throws: InvalidSubmission.self) { try parse(line(nested(129))) }
        #expect(deep?.reason == .tooDeep)
        #expect(deep?.field == "data")
        for member in ["metadata", "metadataText", "colour", "number"] {
            let deep = #expect(throws: InvalidSubmission.self) {
                try parse(line("1,\"\(member)\":\(nested(129))"))
            }
            #expect(deep?.reason == .tooDeep)
            #expect(deep?.field == member)
        }

        var limits = WireLimits(
            store: Limits(dataBytes: 10, metadataBytes: 4, eventsPerAppend: 2, bytesPerAppend: 99)
        )
        limits.appendBytes = 200
        _ = try parse(line("\"12345678\""), limits: limits)
        let cases: [(String, String, Int, Int)] = [
            (line("\"123456789\""), "data", 10, 11),
            (line("1") + line("2") + line("3"), "events", 2, 3),
            (line("1,\"metadata\":{\"a\":1}"), "metadata", 4, 7),
            (line("1,\"metadataText\":\"{    }\""), "metadataText", 4, 6),
            (
                "{\"stream\":\"s\",\"type\":\"T\",\"dataText\":\"01234567890\"}", "dataText", 10, 11
            ),
            (String(repeating: " ", count: 201), "body", 200, 201),
        ]
        for (body, field, limit, size) in cases {
            let error = #expect(throws: InvalidSubmission.self) { try parse(body, limits: limits) }
            #expect(error?.problem == .tooLarge)
            #expect(error?.field == field)
            #expect(error?.limit == limit)
            #expect(error?.size == size)
        }
    }

    @Test func `become one append`() throws {
        let submitted = try parse(#"{"stream":"s","type":"T","data":1,"expect":"none"}"#)
        let batch = try submitted.batch(limits: .standard)
        #expect(batch.events == submitted.events)
        #expect(batch.expectations == submitted.expectations)
        let twice = SubmittedEvents(
            events: [submitted.events[0], submitted.events[0]],
            lines: [1, 4]
        )
        let error = #expect(throws: InvalidSubmission.self) { try twice.batch(limits: .standard) }
        #expect(error?.reason == .repeatedID)
        #expect(error?.line == 4)
    }
}
