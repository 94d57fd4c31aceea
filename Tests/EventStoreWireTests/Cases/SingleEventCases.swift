import Testing

/// One event in each form (cases 18 to 28).
struct SingleEventCases {
    private func withEvent(
        _ kind: StoreKind,
        _ body: (WireClient) async throws -> Void
    ) async throws {
        try await Interface.with(kind) { client in
            let answer = try await client.append(
                "s",
                [BatchEvent(type: "told", data: #"{"a":"1"}"#, metadata: #"{"m":2}"#)]
            )
            #expect(answer.status == 201)
            try await body(client)
        }
    }

    // 18, 19
    @Test(arguments: StoreKind.allCases)
    func `a link to what is no more is not found`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            for stream in ["deleted", "short"] { try await client.fill(stream, 3) }
            _ = try await client.append("links", [.link("0@deleted"), .link("0@short")])
            #expect(try await client.delete("deleted").status == 204)
            let answer = try await client.postSingle(
                "/streams/short/metadata",
                id: newID(),
                type: nil,
                #"{"$maxCount":1}"#
            )
            #expect(answer.status == 201)

            for number in 0..<2 {
                let link = try await client.get("/streams/links/\(number)")
                #expect(link.status == 404)
                #expect(link.reason == "Not Found")
                let itself = try await client.get(
                    "/streams/links/\(number)",
                    PlainField("ES-ResolveLinkTos", "false")
                )
                #expect(itself.status == 200)
            }
        }
    }

    // 20
    @Test(arguments: StoreKind.allCases, ["text/xml", "application/xml"])
    func `its data can be had as XML`(_ kind: StoreKind, _ type: String) async throws {
        try await withEvent(kind) { client in
            let answer = try await client.get("/streams/s/0", accept: type)
            #expect(answer.text == "<data><a>1</a></data>")
            #expect(answer["Content-Type"] == "\(type); charset=utf-8")
        }
    }

    // 21
    @Test(arguments: StoreKind.allCases)
    func `it can be had as one JSON object`(_ kind: StoreKind) async throws {
        try await withEvent(kind) { client in
            let event = try WireEventJSON(
                try await client.get("/streams/s/0", accept: WireType.eventJSON)
            )
            #expect(event.eventStreamId == "s")
            #expect(event.eventNumber == 0)
            #expect(event.eventType == "told")
            #expect(event.data["a"] == .text("1"))
            #expect(event.metadata["m"] == .number(2))
        }
    }

    // 22
    @Test(arguments: StoreKind.allCases)
    func `its data can be had alone`(_ kind: StoreKind) async throws {
        try await withEvent(kind) { client in
            let answer = try await client.get("/streams/s/0", accept: "application/json")
            #expect(answer.text == "{\n  \"a\": \"1\"\n}")
            #expect(answer["Cache-Control"] == "max-age=31536000, public")
            #expect(answer["Vary"] == "Accept")
            #expect(answer["ETag"] == nil)
        }
    }

    // 23, 24
    @Test func `it can be had as XML whole`() async throws {
        try await withEvent(.memory) { client in
            let answer = try await client.get("/streams/s/0", accept: WireType.eventXML)
            #expect(answer.status == 200)
            #expect(answer.text.hasPrefix("<event><eventStreamId>s</eventStreamId>"))
            #expect(answer.text.contains("<data><a>1</a></data><metadata><m>2</m></metadata>"))
        }
    }

    // 25
    @Test(arguments: StoreKind.allCases)
    func `an entry in JSON has its content`(_ kind: StoreKind) async throws {
        try await withEvent(kind) { client in
            let answer = try await client.get("/streams/s/0")
            let entry = try JSONValue(answer.text)
            #expect(entry["title"] == .text("0@s"))
            #expect(entry["content"]?["data"]?["a"] == .text("1"))
        }
    }

    // 26
    @Test(arguments: [WireType.atomXML, "*/*", ""])
    func `an entry in XML has its content without a namespace`(_ type: String) async throws {
        try await withEvent(.memory) { client in
            let answer = try await client.get("/streams/s/0", accept: type)
            #expect(answer["Content-Type"] == "application/atom+xml; charset=utf-8")
            let entry = answer.text
            #expect(entry.contains(#"<atom:entry xmlns:atom="http://www.w3.org/2005/Atom">"#))
            #expect(entry.contains(#"<atom:content type="application/xml"><eventStreamId>s"#))
            #expect(entry.contains("<data><a>1</a></data>"))
        }
    }

    // 27
    @Test(arguments: StoreKind.allCases)
    func `bytes come back as they went in`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            let bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0xFF]
            var request = PlainRequest(
                "POST",
                "/streams/s",
                [
                    .contentType("application/octet-stream"), PlainField("ES-EventId", newID()),
                    PlainField("ES-EventType", "drawn"),
                ]
            )
            request.body = bytes
            #expect(try await client.transport.answer(to: request).status == 201)
            let answer = try await client.get("/streams/s/0", accept: "application/octet-stream")
            #expect(answer.body == bytes)
            #expect(answer["Content-Type"] == "application/octet-stream")
        }
    }

    // 28
    @Test(arguments: StoreKind.allCases)
    func `members that a serializer might take for its own are kept`(_ kind: StoreKind)
        async throws
    {
        try await Interface.with(kind) { client in
            let data = #"{"$type":"outer","k":{"$type":"inner","$id":"1","$ref":"2"}}"#
            _ = try await client.append("s", [BatchEvent(data: data, metadata: data)])
            let feed = try await client.feed("/streams/s?embed=tryharder")
            let entry = try #require(feed.entries.first)
            #expect(try JSONValue(try #require(entry.data)) == JSONValue(data))
            #expect(try JSONValue(try #require(entry.metaData)) == JSONValue(data))
            let single = try JSONValue(try await client.get("/streams/s/0?embed=tryharder").text)
            #expect(try single["content"]?["data"] == JSONValue(data))
            #expect(try single["content"]?["metadata"] == JSONValue(data))
        }
    }

    @Test func `the newest event changes, so it is not kept long`() async throws {
        try await withEvent(.memory) { client in
            let answer = try await client.get("/streams/s/head", accept: WireType.eventJSON)
            #expect(answer["Cache-Control"] == "max-age=0, no-cache, must-revalidate")
            let tag = try #require(answer["ETag"])
            let again = try await client.get(
                "/streams/s/head",
                accept: WireType.eventJSON,
                PlainField("If-None-Match", tag)
            )
            #expect(again.status == 200)
        }
    }

    @Test(arguments: [
        ("x", 400, "'x' is not valid event number"),
        ("-1", 400, "'-1' is not valid event number"),
        ("9223372036854775808", 400, "'9223372036854775808' is not valid event number"),
        ("1", 404, "Not Found"),
    ])
    func `a number that is none is refused`(_ number: String, _ status: Int, _ reason: String)
        async throws
    {
        try await withEvent(.memory) { client in
            let answer = try await client.get("/streams/s/\(number)")
            #expect(answer.status == status)
            #expect(answer.reason == reason)
        }
    }
}
