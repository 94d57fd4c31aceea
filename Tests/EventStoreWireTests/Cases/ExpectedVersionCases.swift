import Testing

/// What a client may expect of a stream when it appends (cases 50 to 57).
struct ExpectedVersionCases {
    private func append(
        _ client: WireClient,
        _ stream: String,
        expecting version: String
    ) async throws -> PlainAnswer {
        try await client.append(
            stream,
            [BatchEvent()],
            PlainField("ES-ExpectedVersion", version)
        )
    }

    private func expectConflict(_ answer: PlainAnswer, current: String) {
        #expect(answer.status == 400)
        #expect(answer.reason == "Wrong expected EventNumber")
        #expect(answer["ES-CurrentVersion"] == current)
        #expect(answer["Content-Type"] == "text/plain; charset=utf-8")
        #expect(answer.body.isEmpty)
    }

    // 50, 51
    @Test(arguments: StoreKind.allCases)
    func `minus one is a stream that nobody has written to`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            #expect(try await append(client, "s", expecting: "-1").status == 201)
            expectConflict(try await append(client, "s", expecting: "-1"), current: "0")
            #expect(try await client.feed("/streams/s").titles == ["0@s"])
        }
    }

    // 52
    @Test(arguments: StoreKind.allCases)
    func `minus two is any stream`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            for number in 0..<2 {
                let answer = try await append(client, "s", expecting: "-2")
                #expect(answer.status == 201)
                #expect(answer["Location"]?.hasSuffix("/streams/s/\(number)") == true)
            }
        }
    }

    // 53, 54, 55
    @Test(arguments: StoreKind.allCases)
    func `a number is that of the newest event`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            expectConflict(try await append(client, "s", expecting: "0"), current: "-1")
            try await client.fill("s", 1)
            #expect(try await append(client, "s", expecting: "0").status == 201)
            expectConflict(try await append(client, "s", expecting: "0"), current: "1")
            expectConflict(try await append(client, "s", expecting: "4"), current: "1")
            #expect(try await client.feed("/streams/s").titles == ["1@s", "0@s"])
        }
    }

    // 56
    @Test(arguments: StoreKind.allCases)
    func `nothing goes to a stream that is deleted for ever`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 1)
            #expect(try await client.delete("s", isHard: true).status == 204)
            for version in ["-2", "-1", "5", "-4"] {
                let answer = try await append(client, "s", expecting: version)
                #expect(answer.status == 410)
                #expect(answer.reason == "Stream deleted")
            }
        }
    }

    // 57
    @Test(arguments: StoreKind.allCases)
    func `minus four is a stream about which something is known`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            expectConflict(try await append(client, "s", expecting: "-4"), current: "-1")
            for count in 1...2 {
                try await client.fill("s\(count)", count)
                #expect(try await append(client, "s\(count)", expecting: "-4").status == 201)
            }
            _ = try await client.postSingle(
                "/streams/described/metadata",
                id: newID(),
                type: nil,
                #"{"a":1}"#
            )
            #expect(try await append(client, "described", expecting: "-4").status == 201)
            #expect(try await client.delete("s1").status == 204)
            let deleted = try await append(client, "s1", expecting: "-4")
            #expect(deleted.status == 410)
            #expect(deleted.reason == "Stream deleted")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a deletion may expect a version, too`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 2)
            let wrong = try await client.delete("s", PlainField("ES-ExpectedVersion", "0"))
            #expect(wrong.status == 400)
            #expect(wrong.reason == "Wrong expected EventNumber")
            #expect(try await client.feed("/streams/s").entries.count == 2)
            let right = try await client.delete("s", PlainField("ES-ExpectedVersion", "1"))
            #expect(right.status == 204)
            #expect(right.reason == "Stream deleted")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a stream that comes back goes on counting`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 3)
            #expect(try await client.delete("s").status == 204)
            #expect(try await client.get("/streams/s").status == 404)
            expectConflict(try await append(client, "s", expecting: "1"), current: "2")
            let answer = try await append(client, "s", expecting: "-1")
            #expect(answer.status == 201)
            #expect(answer["Location"]?.hasSuffix("/streams/s/3") == true)
            #expect(try await client.feed("/streams/s").titles == ["3@s"])
            let metadata = try await client.get(
                "/streams/s/metadata",
                accept: "application/json"
            )
            #expect(try JSONValue(metadata.text) == JSONValue(#"{"$tb":3}"#))
        }
    }
}
