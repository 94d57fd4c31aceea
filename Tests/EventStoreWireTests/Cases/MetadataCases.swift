import Testing

/// What is said about a stream (cases 63 to 65), and what becomes of its pages.
struct MetadataCases {
    private func describe(_ client: WireClient, _ stream: String, _ metadata: String)
        async throws -> PlainAnswer
    {
        try await client.postSingle(
            "/streams/\(stream)/metadata",
            id: newID(),
            type: nil,
            metadata
        )
    }

    // 63
    @Test(arguments: StoreKind.allCases, [0, 1])
    func `it is posted, whether the stream is there or not`(_ kind: StoreKind, _ events: Int)
        async throws
    {
        try await Interface.with(kind) { client in
            try await client.fill("s", events)
            let answer = try await describe(client, "s", #"{"owner":"me"}"#)
            #expect(answer.status == 201)
            let location = try #require(answer["Location"])
            #expect(location == "\(client.transport.origin)/streams/%24%24s/0")
            let event = try WireEventJSON(
                try await client.get(location, accept: WireType.eventJSON)
            )
            #expect(event.eventType == "$metadata")
            #expect(event.data["owner"] == .text("me"))
        }
    }

    // 64
    @Test(arguments: StoreKind.allCases)
    func `where nothing is said there is an empty body`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 1)
            let answer = try await client.get("/streams/s/metadata", accept: "")
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
            #expect(try await client.get("/streams/none/metadata", accept: "").status == 404)
        }
    }

    // 65
    @Test(arguments: StoreKind.allCases)
    func `where nothing is said there is an empty object`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 1)
            let answer = try await client.get("/streams/s/metadata", accept: "application/json")
            #expect(answer.status == 200)
            #expect(answer.text == "{}")
            #expect(answer["ETag"] == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what is posted is read`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 1)
            let text = #"{"$maxAge":86400,"owner":{"name":"me"}}"#
            _ = try await describe(client, "s", text)
            let answer = try await client.get("/streams/s/metadata", accept: "application/json")
            #expect(try JSONValue(answer.text) == JSONValue(text))
            #expect(answer["ETag"]?.hasPrefix("\"0;") == true)
        }
    }

    @Test func `it has no type and no metadata of its own`() async throws {
        try await Interface.with { client in
            let typed = try await client.postSingle("/streams/s/metadata", id: newID())
            #expect(typed.status == 400)
            #expect(
                typed.reason == "Bad Request. You should not include an event type for metadata."
            )
            let unnamed = try await client.postSingle("/streams/s/metadata", id: nil, type: nil)
            #expect(unnamed.status == 400)
            #expect(unnamed.reason == "Empty eventId provided.")
            let nested = try await describe(client, "$$s", "{}")
            #expect(nested.status == 400)
            #expect(
                nested.reason == "Invalid request. Stream must be non-empty string and should not"
                    + " be metastream"
            )
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a page wholly truncated is empty and leads on`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 10)
            _ = try await describe(client, "s", #"{"$tb":8}"#)
            let origin = client.transport.origin
            #expect(try await client.feed("/streams/s").titles == ["9@s", "8@s"])
            let start = try await client.feed("/streams/s/0/forward/5")
            #expect(start.entries.isEmpty)
            #expect(!start.headOfStream)
            #expect(start.link("previous") == "\(origin)/streams/s/5/forward/5")
            let partly = try await client.feed("/streams/s/5/forward/5")
            #expect(partly.titles == ["9@s", "8@s"])
            let backward = try await client.feed("/streams/s/7/backward/5")
            #expect(backward.entries.isEmpty)
            #expect(backward.link("next") == nil)
            #expect(backward.link("last") == nil)
            #expect(try await client.get("/streams/s/7").status == 404)
            #expect(try await client.get("/streams/s/8").status == 200)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `it says how long the head may be kept`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 1)
            _ = try await describe(client, "s", #"{"$cacheControl":31}"#)
            #expect(try await client.get("/streams/s")["Cache-Control"] == "max-age=31, public")
            let event = try await client.get("/streams/s/0")
            #expect(event["Cache-Control"] == "max-age=31536000, public")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a stream that is deleted for ever is gone in every form`(_ kind: StoreKind)
        async throws
    {
        try await Interface.with(kind) { client in
            try await client.fill("s", 2)
            #expect(try await client.delete("s", isHard: true).status == 204)
            for path in ["", "/0", "/0/forward/20", "/head/backward/20", "/metadata"] {
                let answer = try await client.get("/streams/s\(path)")
                #expect(answer.status == 410, "\(path)")
                #expect(answer.reason == "Deleted", "\(path)")
            }
            #expect(try await describe(client, "s", "{}").status == 410)
            #expect(try await client.delete("s").status == 410)
            let all = try await client.feed("/streams/$all")
            #expect(all.titles.first == "9223372036854775807@s")
            #expect(all.entries.first?.summary == "$streamDeleted")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a deletion replaces what was said`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 2)
            _ = try await describe(client, "s", #"{"$maxCount":1,"owner":"me"}"#)
            for _ in 0..<2 { #expect(try await client.delete("s").status == 204) }
            let answer = try await client.get("/streams/s/metadata", accept: "application/json")
            #expect(answer.text == "{\n  \"$tb\": 9223372036854775807\n}")
            #expect(try await client.get("/streams/s/0").status == 404)
        }
    }
}
