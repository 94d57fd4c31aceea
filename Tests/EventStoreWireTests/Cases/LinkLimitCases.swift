import Testing

/// What links lead to counts like what stands in the stream itself.
struct LinkLimitCases {
    /// 1.5 MiB, of which five have room on a page.
    private static let large = #"{"text":"\#(String(repeating: "x", count: 3 << 19))"}"#

    @Test func `a page of links ends where what they lead to has no more room`() async throws {
        try await Interface.with { client in
            let written = try await client.append(
                "large",
                [BatchEvent(type: "big", data: Self.large)]
            )
            try #require(written.status == 201)
            _ = try await client.append(
                "links",
                (0..<12).map { _ in .link("0@large") } + [BatchEvent(type: "small", data: "{}")]
            )

            // Forward: every page has room for five, and the links go on where it ended.
            var numbers: [Int64] = []
            var path = "/streams/links/0/forward/20?embed=rich"
            for _ in 0..<3 {
                let feed = try await client.feed(path)
                numbers += feed.entries.reversed().compactMap(\.placeNumber)
                guard let next = feed.link("previous"), !feed.entries.isEmpty else { break }
                path = next + "?embed=rich"
            }
            #expect(numbers == Array(0...12))

            // Backward likewise.
            var older: [Int64] = []
            path = "/streams/links?embed=rich"
            for _ in 0..<4 {
                let feed = try await client.feed(path)
                older += feed.entries.compactMap(\.placeNumber)
                guard let next = feed.link("next") else { break }
                path = next + "?embed=rich"
            }
            #expect(older == Array((0...12).reversed()))

            // Everything: nothing is left out either way.
            var all: [String] = []
            path = "/streams/$all/00000000000000000000000000000000/forward/20"
            for _ in 0..<5 {
                let feed = try await client.feed(path)
                all += feed.titles.reversed()
                guard let next = feed.link("previous") else { break }
                path = next
            }
            #expect(all.count == 14)
            var back: [String] = []
            path = "/streams/$all"
            for _ in 0..<5 {
                let feed = try await client.feed(path)
                back += feed.titles
                guard let next = feed.link("next") else { break }
                path = next
            }
            #expect(back == all.reversed())
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what a link leads to decides whether caches may share the answer`(_ kind: StoreKind)
        async throws
    {
        try await Interface.with(kind, hasUsers: true) { client in
            try await client.admin.fill("secret", 1)
            let list = try await client.admin.append(
                "$$secret",
                [BatchEvent(type: "$metadata", data: #"{"$acl":{"$r":"$admins"}}"#)]
            )
            try #require(list.status == 201)
            _ = try await client.append(
                "open",
                [.link("0@secret"), BatchEvent(type: "plain", data: "{}")]
            )

            for path in [
                "/streams/open/0", "/streams/open/0/forward/1", "/streams/open/0/backward/1",
            ] {
                let admin = try await client.admin.get(path)
                #expect(admin.status == 200)
                #expect(admin["Cache-Control"] == "max-age=31536000, private", "\(path)")
                #expect(try await client.get(path).status == 401)
            }
            let plain = try await client.admin.get("/streams/open/1")
            #expect(plain["Cache-Control"] == "max-age=31536000, public")
        }
    }
}
