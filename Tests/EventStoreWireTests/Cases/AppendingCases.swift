import Testing

/// What clients may post: cases 1 to 8, 16 and 17 of the product's own tests.
struct AppendingCases {
    // 1
    @Test(arguments: StoreKind.allCases)
    func `one event without a type is refused`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            let answer = try await client.postSingle("/streams/s", id: newID(), type: nil)
            #expect(answer.status == 400)
            #expect(
                answer.reason == "Must include an event type with the request either in body or as"
                    + " ES-EventType header."
            )
            #expect(answer.body.isEmpty)
            #expect(try await client.get("/streams/s").status == 404)
        }
    }

    // 2
    @Test(arguments: [WireType.eventsJSON, WireType.eventJSON, WireType.eventsXML])
    func `a batch does not go to an address with an id`(_ type: String) async throws {
        try await Interface.with { client in
            let body = BatchEvent.batch([BatchEvent()])
            let answer = try await client.post("/streams/s/incoming/\(newID())", type, body)
            #expect(answer.status == 415)
            #expect(answer.reason == "Invalid or missing Content-Type")
        }
    }

    // 3
    @Test func `an address with an id does not stand for the type`() async throws {
        try await Interface.with { client in
            let answer = try await client.post(
                "/streams/s/incoming/\(newID())",
                "application/json",
                #"{"a":1}"#
            )
            #expect(answer.status == 400)
            #expect(answer.reason == "Empty eventType provided.")
        }
    }

    // 4
    @Test(arguments: StoreKind.allCases)
    func `one event goes to an address with its id`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            let id = newID()
            let answer = try await client.postSingle("/streams/s/incoming/\(id)", id: nil)
            #expect(answer.status == 201)
            #expect(answer.reason == "Created")
            #expect(answer["Content-Type"] == "text/plain; charset=utf-8")
            #expect(answer["Cache-Control"] == nil)
            let location = try #require(answer["Location"])
            #expect(location == "\(client.transport.origin)/streams/s/0")
            let data = try await client.get(location, accept: "application/json")
            #expect(try JSONValue(data.text) == JSONValue(#"{"a":1}"#))
            let event = try await client.get(location, accept: WireType.eventJSON)
            #expect(try WireEventJSON(event).eventId == id)
        }
    }

    // 5
    @Test(arguments: StoreKind.allCases)
    func `one event without an id is sent to an address with one`(_ kind: StoreKind)
        async throws
    {
        try await Interface.with(kind) { client in
            let answer = try await client.postSingle("/streams/s", id: nil)
            #expect(answer.status == 307)
            #expect(answer.reason == "Temporary Redirect")
            #expect(answer.text == "Forwarding to idempotent URI")
            let location = try #require(answer["Location"])
            #expect(location.hasPrefix("\(client.transport.origin)/streams/s/incoming/"))
            #expect(try await client.get("/streams/s").status == 404)

            for _ in 0..<2 {
                let again = try await client.postSingle(location, id: nil)
                #expect(again.status == 201)
                #expect(again["Location"] == "\(client.transport.origin)/streams/s/0")
            }
            #expect(try await client.feed("/streams/s").titles == ["0@s"])
        }
    }

    // 6
    @Test(arguments: [
        #"[{"eventId":"{id}","data":{"a":1}}]"#,
        #"[{"eventId":"{id}","eventType":"","data":{"a":1}}]"#,
    ])
    func `a batch without a type is refused`(_ batch: String) async throws {
        try await Interface.with { client in
            let body = batch.replacing("{id}", with: newID())
            let answer = try await client.post("/streams/s", WireType.eventsJSON, body)
            #expect(answer.status == 400)
            #expect(answer.reason == "Empty eventType provided.")
        }
    }

    // 7
    @Test(arguments: StoreKind.allCases)
    func `a batch of one is recorded and can be read`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            let answer = try await client.append("s", [BatchEvent(data: #"{"price":12.50}"#)])
            #expect(answer.status == 201)
            #expect(answer["Location"] == "\(client.transport.origin)/streams/s/0")
            let data = try await client.get("/streams/s/0", accept: "application/json")
            #expect(data.text == "{\n  \"price\": 12.50\n}")
        }
    }

    // 8
    @Test func `an array is one event where the type is JSON`() async throws {
        try await Interface.with { client in
            let batch = BatchEvent.batch([BatchEvent()])
            let answer = try await client.post("/streams/s", "application/json", batch)
            #expect(answer.status == 400)
        }
    }

    // 16
    @Test(arguments: StoreKind.allCases)
    func `a text that looks like an instant stays as it is`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            let data = #"{"at":"1987-11-07T00:00:00.000+01:00"}"#
            _ = try await client.append("s", [BatchEvent(data: data)])
            let read = try await client.get("/streams/s/0", accept: "application/json")
            #expect(try JSONValue(read.text) == JSONValue(data))
        }
    }

    // 17
    @Test(arguments: StoreKind.allCases)
    func `a batch is answered with its first event`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            _ = try await client.append("s", [BatchEvent()])
            let answer = try await client.append("s", [BatchEvent(), BatchEvent()])
            #expect(answer.status == 201)
            #expect(answer["Location"] == "\(client.transport.origin)/streams/s/1")
            #expect(try await client.feed("/streams/s").titles == ["2@s", "1@s", "0@s"])
        }
    }

    @Test func `an event beyond the limit is refused and never written`() async throws {
        try await Interface.with { client in
            let large = #"{"a":""# + String(repeating: "x", count: 4 << 20) + #""}"#
            let answer = try await client.append("s", [BatchEvent(data: large)])
            #expect(answer.status == 413)
            #expect(answer.reason == "Too large events received. Limit is 4mb")
            #expect(try await client.get("/streams/s").status == 404)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a large batch is one append`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            let events = (0...5_000).map { BatchEvent(data: #"{"n":\#($0)}"#) }
            let answer = try await client.append("s", events)
            #expect(answer.status == 201)
            let page = try await client.feed("/streams/s/0/forward/4096")
            #expect(page.entries.count == 4_096)
            #expect(page.entries.first?.title == "4095@s")
            let beyond = try await client.get("/streams/s/0/forward/4097")
            #expect(beyond.status == 500)
            #expect(beyond.reason == "Read size too big, should be less than 4096 items")
        }
    }

    @Test(arguments: [
        (
            PlainField("ES-ExpectedVersion", "one"),
            "ES-ExpectedVersion header in wrong format."
        ),
        (PlainField("ES-ExpectedVersion", "-5"), "ES-ExpectedVersion header in wrong format."),
        (PlainField("ES-RequireMaster", "perhaps"), "ES-RequireMaster header in wrong format."),
    ])
    func `a field in a wrong format is named`(_ field: PlainField, _ reason: String) async throws {
        try await Interface.with { client in
            let answer = try await client.append("s", [BatchEvent()], field)
            #expect(answer.status == 400)
            #expect(answer.reason == reason)
            #expect(try await client.get("/streams/s").status == 404)
        }
    }
}
