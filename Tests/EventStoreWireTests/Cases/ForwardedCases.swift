import Testing

/// Addresses behind a proxy (case 77).
struct ForwardedCases {
    struct Sample: Sendable, CustomTestStringConvertible {
        let fields: [PlainField]
        let base: String

        init(_ base: String, _ fields: (String, String)...) {
            self.base = base
            self.fields = fields.map { PlainField($0, $1) }
        }

        var testDescription: String { base }
    }

    private static let samples = [
        Sample("http://127.0.0.1:2113", ("X-Forwarded-Port", "many")),
        Sample("http://127.0.0.1:4711", ("X-Forwarded-Port", "4711")),
        Sample("https://127.0.0.1:2113", ("X-Forwarded-Proto", "https")),
        Sample("http://a.test:8080", ("X-Forwarded-Host", "a.test:8080")),
        Sample("http://a.test:8080", ("X-Forwarded-Host", "a.test:8080, b.test")),
        Sample(
            "https://a.test:444",
            ("X-Forwarded-Host", "a.test"),
            ("X-Forwarded-Port", "444"),
            ("X-Forwarded-Proto", "https")
        ),
        Sample(
            "https://a.test:8443/es",
            ("X-Forwarded-Port", "444"),
            ("X-Forwarded-Host", "a.test:8443"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Prefix", "es")
        ),
        Sample("http://127.0.0.1:2113/es/x", ("X-Forwarded-Prefix", "/es/x")),
    ]

    @Test(arguments: samples)
    func `addresses are those that the client can use`(_ sample: Sample) async throws {
        try await Interface.with { client in
            try await client.fill("s", 25)
            let proxied = WireClient(transport: client.transport, fields: sample.fields)
            let feed = try await proxied.feed("/streams/s")
            #expect(feed.id == "\(sample.base)/streams/s")
            let links = feed.links + feed.entries.flatMap(\.links)
            #expect(links.count == 46)
            #expect(links.allSatisfy { $0.uri.hasPrefix("\(sample.base)/streams/s") })
            #expect(feed.entries.first?.id == "\(sample.base)/streams/s/24")
            let posted = try await proxied.append("s", [BatchEvent()])
            #expect(posted["Location"] == "\(sample.base)/streams/s/25")
        }
    }
}
