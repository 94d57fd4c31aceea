import Testing

/// Pages of a stream of 25 events, as the product's clients walk them (cases 29 to 32, 41 to 45).
struct FeedCases {
    private func withCounted(
        _ kind: StoreKind = .memory,
        _ count: Int = 25,
        _ body: (WireClient) async throws -> Void
    ) async throws {
        try await Interface.with(kind) { client in
            let events = (0..<count).map { BatchEvent(type: "counted", data: #"{"n":\#($0)}"#) }
            #expect(try await client.append("s", events).status == 201)
            try await body(client)
        }
    }

    // 29
    @Test(arguments: StoreKind.allCases)
    func `the head has all links`(_ kind: StoreKind) async throws {
        try await withCounted(kind) { client in
            let feed = try await client.feed("/streams/s")
            let base = "\(client.transport.origin)/streams/s"
            #expect(feed.link("self") == base)
            #expect(feed.link("first") == "\(base)/head/backward/20")
            #expect(feed.link("last") == "\(base)/0/forward/20")
            #expect(feed.link("next") == "\(base)/4/backward/20")
            #expect(feed.link("previous") == "\(base)/25/forward/20")
            #expect(feed.link("metadata") == "\(base)/metadata")
            #expect(feed.titles == (5...24).reversed().map { "\($0)@s" })
            #expect(feed.headOfStream)
        }
    }

    // 30
    @Test(arguments: ["testprefix", "/testprefix"])
    func `a prefix stands before every path`(_ prefix: String) async throws {
        try await withCounted { client in
            let feed = try await client.feed(
                "/streams/s",
                PlainField("X-Forwarded-Prefix", prefix)
            )
            let base = "\(client.transport.origin)/testprefix/streams/s"
            #expect(feed.link("self") == base)
            #expect(feed.link("first") == "\(base)/head/backward/20")
            #expect(feed.link("last") == "\(base)/0/forward/20")
            #expect(feed.link("next") == "\(base)/4/backward/20")
            #expect(feed.link("previous") == "\(base)/25/forward/20")
        }
    }

    // 31, 32
    @Test(arguments: StoreKind.allCases)
    func `what is newer than the head is empty until something comes`(_ kind: StoreKind)
        async throws
    {
        try await withCounted(kind) { client in
            let newer = try #require(try await client.feed("/streams/s").link("previous"))
            let answer = try await client.get(newer)
            let empty = try ShownFeed(answer)
            #expect(answer["Cache-Control"] == "max-age=0, no-cache, must-revalidate")
            #expect(empty.entries.isEmpty)
            #expect(empty.updated == "0001-01-01T00:00:00Z")
            #expect(empty.link("previous") == nil)
            for relation in ["next", "self", "first", "last"] {
                #expect(empty.link(relation) != nil, "\(relation)")
            }

            let location = try await client.append("s", [BatchEvent()])["Location"]
            let full = try await client.feed(newer)
            #expect(full.entries.map(\.id) == [location])
            #expect(full.link("previous") == "\(client.transport.origin)/streams/s/26/forward/20")
        }
    }

    // 41, 42, 43
    @Test(arguments: [(24, false), (26, true), (25, true)])
    func `a page tells whether it reaches the head`(_ count: Int, _ isHead: Bool) async throws {
        try await withCounted { client in
            let feed = try await client.feed("/streams/s/0/forward/\(count)")
            #expect(feed.headOfStream == isHead)
            #expect(feed.selfUrl == nil)
            #expect(feed.eTag == nil)
        }
    }

    // 44
    @Test(arguments: StoreKind.allCases)
    func `the tag in the body saves a client the body`(_ kind: StoreKind) async throws {
        try await withCounted(kind) { client in
            let answer = try await client.get("/streams/s")
            let tag = try #require(try ShownFeed(answer).eTag)
            #expect(answer["ETag"] == "\"\(tag)\"")
            #expect(tag.hasPrefix("24;"))
            for sent in [tag, "\"\(tag)\""] {
                let same = try await client.get("/streams/s", PlainField("If-None-Match", sent))
                #expect(same.status == 304)
                #expect(same.reason == "Not Modified")
                #expect(same.body.isEmpty)
                #expect(same["ETag"] == nil)
            }
            for other in ["W/\"\(tag)\"", "*", "\"\(tag)\", \"\(tag)\"", "\"23;1\"", "x"] {
                let whole = try await client.get("/streams/s", PlainField("If-None-Match", other))
                #expect(whole.status == 200, "\(other)")
            }
            let xml = try await client.get(
                "/streams/s",
                accept: WireType.atomXML,
                PlainField("If-None-Match", "\"\(tag)\"")
            )
            #expect(xml.status == 200)
            #expect(xml["ETag"] != answer["ETag"])
            try await client.fill("s", 1)
            let more = try await client.get("/streams/s", PlainField("If-None-Match", tag))
            #expect(more.status == 200)
        }
    }

    // 45
    @Test func `the host that a client names stands in every link`() async throws {
        try await withCounted { client in
            let answer = try await client.get("/streams/s", PlainField("Host", "events.test:81"))
            let feed = try ShownFeed(answer)
            let links = feed.links + feed.entries.flatMap(\.links)
            #expect(links.count > 40)
            #expect(links.allSatisfy { $0.uri.hasPrefix("http://events.test:81/streams/s") })
        }
    }

    @Test(arguments: [
        ("0/forward/0", "'0' is not valid count. Should be positive integer"),
        ("0/forward/-1", "'-1' is not valid count. Should be positive integer"),
        ("0/forward/ten", "'ten' is not valid count. Should be positive integer"),
        ("x/backward/5", "'x' is not valid event number"),
        ("-1/forward/5", "'-1' is not valid event number"),
        ("head/forward/5", "'head' is not valid event number"),
    ])
    func `a page that cannot be is refused`(_ page: String, _ reason: String) async throws {
        try await withCounted(.memory, 1) { client in
            let answer = try await client.get("/streams/s/\(page)")
            #expect(answer.status == 400)
            #expect(answer.reason == reason)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a poll is answered when something comes`(_ kind: StoreKind) async throws {
        try await withCounted(kind, 2) { client in
            try await withThrowingTaskGroup(of: [String].self) { group in
                group.addTask {
                    try await client.feed(
                        "/streams/s/2/forward/20",
                        PlainField("ES-LongPoll", "30")
                    ).titles
                }
                try await client.fill("s", 1)
                for try await titles in group { #expect(titles == ["2@s"]) }
            }
        }
    }

    @Test func `a poll ends when its time is over`() async throws {
        try await withCounted(.memory, 1) { client in
            let began = ContinuousClock.now
            let feed = try await client.feed(
                "/streams/s/1/forward/20",
                PlainField("ES-LongPoll", "1")
            )
            #expect(feed.entries.isEmpty)
            #expect(ContinuousClock.now - began >= .seconds(1))
            for seconds in ["0", "-1", "soon"] {
                let answer = try await client.get(
                    "/streams/s/1/forward/20",
                    PlainField("ES-LongPoll", seconds)
                )
                #expect(answer.status == 400)
                #expect(answer.reason == "ES-LongPoll header in wrong format.")
            }
        }
    }
}
