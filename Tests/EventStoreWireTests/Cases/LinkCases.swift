import Testing

/// Links to events of other streams (cases 33 to 40 and 46 to 49).
struct LinkCases {
    private static let forms: [(page: String, accept: String)] = ["", "/0/forward/20"].flatMap {
        page in
        ["", "?embed=content"].flatMap { embed in
            [WireType.atomJSON, WireType.atomXML].map { (page + embed, $0) }
        }
    }

    // 33 to 37
    @Test(arguments: StoreKind.allCases)
    func `a link to a deleted stream stays in the feed`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("gone", 1)
            _ = try await client.append("links", [.link("0@gone")])
            #expect(try await client.delete("gone").status == 204)
            let target = "\(client.transport.origin)/streams/gone/0"
            for form in Self.forms {
                let answer = try await client.get("/streams/links\(form.page)", accept: form.accept)
                #expect(answer.status == 200)
                guard form.accept == WireType.atomJSON else {
                    let edit = "<link href=\"\(target)\" rel=\"edit\" />"
                    let alternate = "<link href=\"\(target)\" rel=\"alternate\" />"
                    #expect(answer.text.contains(edit + alternate), "\(form)")
                    continue
                }
                let feed = try ShownFeed(answer)
                #expect(feed.entries.count == 1)
                #expect(feed.entries.first?.links.map(\.relation) == ["edit", "alternate"])
                #expect(feed.entries.first?.links.map(\.uri) == [target, target])
                #expect(feed.entries.first?.summary == "$>")
            }
        }
    }

    // 38
    @Test(arguments: StoreKind.allCases)
    func `links lead to their targets, the newest first`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("a", 1)
            try await client.fill("b", 2)
            _ = try await client.append("links", [.link("0@a"), .link("1@b")])
            let feed = try await client.feed("/streams/links?embed=rich")
            let origin = client.transport.origin
            #expect(feed.titles == ["1@b", "0@a"])
            #expect(
                feed.entries.map { $0.link("edit") } == [
                    "\(origin)/streams/b/1", "\(origin)/streams/a/0",
                ]
            )
            #expect(
                feed.entries.map { $0.link("alternate") } == [
                    "\(origin)/streams/b/1", "\(origin)/streams/a/0",
                ]
            )
            #expect(feed.entries.map(\.eventType) == ["counted", "counted"])
            #expect(feed.entries.map(\.placeStream) == ["links", "links"])
            #expect(feed.entries.map(\.placeNumber) == [1, 0])
        }
    }

    // 39
    @Test(arguments: StoreKind.allCases)
    func `the number ends at the first at sign`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("me%40home", 1)
            _ = try await client.append("links", [.link("0@me@home")])
            let entry = try #require(try await client.feed("/streams/links").entries.first)
            #expect(entry.title == "0@me@home")
            #expect(entry.link("edit") == "\(client.transport.origin)/streams/me%40home/0")
        }
    }

    // 40
    @Test(arguments: StoreKind.allCases)
    func `a link to a truncated event stays in the feed`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("short", 3)
            _ = try await client.append("links", [.link("0@short")])
            _ = try await client.postSingle(
                "/streams/short/metadata",
                id: newID(),
                type: nil,
                #"{"$maxCount":1}"#
            )
            #expect(try await client.feed("/streams/short").titles == ["2@short"])
            let feed = try await client.feed("/streams/links?embed=body")
            #expect(feed.titles == ["0@short"])
            #expect(feed.entries.first?.data == nil)
        }
    }

    // 46 to 49: since 20.6 the log of all streams resolves links only for those who ask.
    @Test(arguments: StoreKind.allCases, [true, false])
    func `the log of all streams resolves links for who asks`(_ kind: StoreKind, _ asks: Bool)
        async throws
    {
        try await Interface.with(kind) { client in
            try await client.fill("a", 1)
            _ = try await client.append("links", [.link("0@a")])
            let field = PlainField("ES-ResolveLinkTos", asks ? "True" : "False")
            let wanted = asks ? ["0@a", "0@a"] : ["0@links", "0@a"]
            let backward = try await client.feed("/streams/$all", field)
            #expect(backward.titles == wanted)
            let start = String(repeating: "0", count: 32)
            let forward = try await client.feed("/streams/$all/\(start)/forward/20", field)
            #expect(forward.titles == wanted)
        }
    }

    @Test func `a field in a wrong format is named`() async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            let answer = try await client.get(
                "/streams/s",
                PlainField("ES-ResolveLinkTos", "perhaps")
            )
            #expect(answer.status == 400)
            #expect(answer.reason == "ES-ResolveLinkTos header in wrong format.")
        }
    }
}
