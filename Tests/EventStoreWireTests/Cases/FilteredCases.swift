import Testing

/// The log of all streams, filtered (cases 68 to 70).
struct FilteredCases {
    private static let start = String(repeating: "0", count: 32)

    private func withStreams(
        _ kind: StoreKind,
        _ body: (WireClient) async throws -> Void
    ) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("order-1", 1, type: "placed")
            try await client.fill("order-2", 1, type: "paid")
            try await client.fill("bill-1", 1, type: "placed-late")
            try await client.fill("$own", 1, type: "$noted")
            try await body(client)
        }
    }

    // 68
    @Test(
        arguments: [
            "context=colour&type=prefix&data=a", "context=eventtype&type=suffix&data=a",
            "context=eventtype&type=prefix", "context=streamid&type=regex",
        ],
        ["", "/{start}/forward/5", "/head/backward/5"]
    )
    func `a filter that is none is refused`(_ filter: String, _ page: String) async throws {
        try await Interface.with { client in
            let path = page.replacing("{start}", with: Self.start)
            let answer = try await client.get("/streams/$all/filtered\(path)?\(filter)")
            #expect(answer.status == 400)
            #expect(!answer.reason.isEmpty)
        }
    }

    // 69
    @Test(arguments: StoreKind.allCases)
    func `the head has links to pages with the same filter`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("order-1", 25, type: "placed")
            let feed = try await client.feed(
                "/streams/$all/filtered?context=eventtype&type=prefix&data=plac"
            )
            let base = "\(client.transport.origin)/streams/%24all/filtered"
            #expect(feed.link("self") == base)
            for relation in ["first", "last", "previous", "next"] {
                let link = try #require(feed.link(relation), "\(relation)")
                #expect(link.hasPrefix(base))
                let page = try await client.feed(link)
                #expect(page.title == "All events")
            }
            #expect(feed.entries.count == 20)
        }
    }

    // 70
    @Test(
        arguments: StoreKind.allCases,
        [
            ("context=eventtype&type=prefix&data=paid,placed-", ["0@bill-1", "0@order-2"]),
            ("context=eventtype&type=regex&data=%5Epla.*d%24", ["0@order-1"]),
            ("context=streamid&type=prefix&data=order-", ["0@order-2", "0@order-1"]),
            ("context=streamid&type=regex&data=-1%24", ["0@bill-1", "0@order-1"]),
            ("exclude-system-events=true", ["0@bill-1", "0@order-2", "0@order-1"]),
        ]
    )
    func `only what matches is shown`(_ kind: StoreKind, _ sample: (String, [String]))
        async throws
    {
        try await withStreams(kind) { client in
            let backward = try await client.feed("/streams/$all/filtered?\(sample.0)")
            #expect(backward.titles == sample.1)
            let forward = try await client.feed(
                "/streams/$all/filtered/\(Self.start)/forward/20?\(sample.0)"
            )
            #expect(forward.titles == sample.1)
        }
    }
}
