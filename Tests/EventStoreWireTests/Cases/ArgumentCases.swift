import Testing

/// Names in addresses (cases 75 and 79).
struct ArgumentCases {
    // 75
    @Test(
        arguments: StoreKind.allCases,
        [
            ("%41", "A", "A"), ("plain", "plain", "plain"), ("a%20b", "a b", "a%20b"),
            ("%25", "%", "%25"), ("100%25%20x", "100% x", "100%25%20x"), ("x%40y", "x@y", "x%40y"),
            ("x@y", "x@y", "x%40y"), ("%24ours", "$ours", "%24ours"), ("$ours", "$ours", "%24ours"),
            ("%D0%B6%D1%83%D0%BA", "жук", "%D0%B6%D1%83%D0%BA"), ("a'b", "a'b", "a%27b"),
            ("a%22b", "a\"b", "a%22b"), ("a+b", "a+b", "a%2Bb"), ("a-._~b", "a-._~b", "a-._~b"),
        ]
    )
    func `a name is decoded in addresses and encoded in links`(
        _ kind: StoreKind,
        _ sample: (sent: String, name: String, link: String)
    ) async throws {
        try await Interface.with(kind) { client in
            let answer = try await client.append(sample.sent, [BatchEvent()])
            #expect(answer.status == 201)
            let base = "\(client.transport.origin)/streams/\(sample.link)"
            #expect(answer["Location"] == "\(base)/0")
            let feed = try await client.feed("/streams/\(sample.sent)")
            #expect(feed.streamId == sample.name)
            #expect(feed.title == "Event stream '\(sample.name)'")
            #expect(feed.id == base)
            #expect(feed.titles == ["0@\(sample.name)"])
            #expect(try await client.feed(base).entries.count == 1)
        }
    }

    @Test func `letters as they are count as letters in their encoding`() async throws {
        try await Interface.with { client in
            _ = try await client.append("%D0%B6%D1%83%D0%BA", [BatchEvent()])
            #expect(try await client.feed("/streams/жук").streamId == "жук")
        }
    }

    @Test(arguments: ["%", "%4", "%zz", "%FF", "%C3%28", "%00"])
    func `what is no text is refused`(_ name: String) async throws {
        try await Interface.with { client in
            let answer = try await client.get("/streams/\(name)")
            #expect((400...404).contains(answer.status))
        }
    }

    @Test(arguments: ["embed=CONTENT", "x=1&embed=content&y=%", "embed=conten%74"])
    func `what is asked for is decoded, too`(_ query: String) async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            let feed = try await client.feed("/streams/s?\(query)")
            #expect(feed.entries.first?.content?.data["n"] == .number(0))
        }
    }

    // 79
    @Test(arguments: [
        "/streams", "/streams/", "/streams/s/0/forward/20/x", "/ping^%22", "/Streams/s",
        "/users/a/b",
        "/streams/s/0/sideways/20",
    ])
    func `an address that nobody knows is not found`(_ target: String) async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            let answer = try await client.get(target)
            #expect(answer.status == 404)
            #expect(answer.reason == "Not Found")
            #expect(answer.body.isEmpty)
        }
    }

    @Test(arguments: [
        ("PUT", "/streams/s"), ("DELETE", "/streams/s/0"), ("POST", "/streams/s/0/forward/20"),
        ("POST", "/ping"),
    ])
    func `a method that an address does not have is refused`(_ method: String, _ target: String)
        async throws
    {
        try await Interface.with { client in
            let answer = try await client.send(method, target, [.contentType("application/json")])
            #expect(answer.status == 405)
            #expect(answer.reason == "Method Not Allowed")
            #expect(answer.body.isEmpty)
        }
    }
}
