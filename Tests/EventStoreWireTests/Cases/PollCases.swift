import EventTesting
import Testing

/// Waiting for what is not there yet.
struct PollCases {
    private static let patience = PlainField("ES-LongPoll", "30")

    /// Polls while something else is done, which must end the poll.
    private func poll(
        _ client: WireClient,
        _ target: String,
        _ fields: [PlainField] = [],
        while body: @escaping @Sendable () async throws -> Void
    ) async throws -> PlainAnswer {
        try await withDeadline("the poll of \(target)", of: .seconds(25)) {
            try await withThrowingTaskGroup(of: PlainAnswer.self) { group in
                group.addTask {
                    try await client.send(
                        "GET",
                        target,
                        [.accept(WireType.atomJSON), Self.patience] + fields
                    )
                }
                try await body()
                return try #require(try await group.next())
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a stream that begins ends the poll`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            let answer = try await poll(client, "/streams/s/0/forward/20") {
                try await client.fill("s", 1)
            }
            #expect(answer.status == 200)
            #expect(try ShownFeed(answer).titles == ["0@s"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `any event ends the poll of all streams`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 1)
            let newer = try #require(try await client.feed("/streams/$all").link("previous"))
            let answer = try await poll(client, newer) { try await client.fill("t", 1) }
            #expect(try ShownFeed(answer).titles == ["0@t"])
        }
    }

    @Test func `a tag that still fits does not end the poll`() async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            let tag = try #require(try await client.get("/streams/s")["ETag"])
            let answer = try await poll(
                client,
                "/streams/s/1/forward/20",
                [PlainField("If-None-Match", tag)]
            ) { try await client.fill("s", 1) }
            #expect(try ShownFeed(answer).titles == ["1@s"])

            let short = try await client.get(
                "/streams/s/2/forward/20",
                PlainField("ES-LongPoll", "1"),
                PlainField("If-None-Match", tag.replacing("\"0;", with: "\"1;"))
            )
            #expect(short.status == 304)
        }
    }

    @Test func `a page with events and one read backwards are answered at once`() async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            for page in ["/0/forward/20", "", "/head/backward/20", "/0/backward/5", "/0"] {
                let answer = try await withDeadline("s\(page)", of: .seconds(20)) {
                    try await client.get("/streams/s\(page)", Self.patience)
                }
                #expect(answer.status == 200, "\(page)")
            }
        }
    }
}
