import Testing

/// The same event, sent again in any form (cases 58 to 62): each time 201, with the place that it
/// was given first.
struct IdempotencyCases {
    /// A way to send one event.
    enum Way: String, Sendable, CaseIterable {
        case address, header, batch

        func send(_ id: String, with client: WireClient, to stream: String = "s") async throws
            -> PlainAnswer
        {
            switch self {
            case .address:
                try await client.postSingle("/streams/\(stream)/incoming/\(id)", id: nil)
            case .header: try await client.postSingle("/streams/\(stream)", id: id)
            case .batch: try await client.append(stream, [BatchEvent(id)])
            }
        }
    }

    /// 58 twice and three times to an address, 59 address then batch, 60 header twice and three
    /// times, 61 header then batch, 62 batch twice and three times.
    private static let series: [[Way]] = [
        [.address, .address], [.address, .address, .address], [.address, .batch],
        [.header, .header], [.header, .header, .header], [.header, .batch],
        [.batch, .batch], [.batch, .batch, .batch], [.batch, .address],
    ]

    @Test(arguments: StoreKind.allCases, series)
    func `an event that is sent again is recorded once`(_ kind: StoreKind, _ ways: [Way])
        async throws
    {
        try await Interface.with(kind) { client in
            let id = newID()
            for way in ways {
                let answer = try await way.send(id, with: client)
                #expect(answer.status == 201)
                let location = try #require(answer["Location"])
                #expect(location.hasSuffix("/streams/s/0"))
                #expect(try await client.get(location).status == 200)
            }
            #expect(try await client.feed("/streams/s").titles == ["0@s"])
        }
    }

    @Test(arguments: StoreKind.allCases, Way.allCases)
    func `an id belongs to its stream`(_ kind: StoreKind, _ way: Way) async throws {
        try await Interface.with(kind) { client in
            let id = newID()
            for stream in ["a", "b"] {
                for _ in 0..<2 {
                    let answer = try await way.send(id, with: client, to: stream)
                    #expect(answer.status == 201)
                    #expect(answer["Location"]?.hasSuffix("/streams/\(stream)/0") == true)
                }
                let event = try WireEventJSON(
                    try await client.get("/streams/\(stream)/0", accept: WireType.eventJSON)
                )
                #expect(event.eventId == id)
            }
        }
    }

    @Test(arguments: StoreKind.allCases, ["-2", "-1", "0", "-4"])
    func `an id is looked at before what is expected`(_ kind: StoreKind, _ version: String)
        async throws
    {
        try await Interface.with(kind) { client in
            try await client.fill("s", 1)
            let stream = version == "-1" ? "t" : "s"
            let batch = [BatchEvent(), BatchEvent()]
            let field = PlainField("ES-ExpectedVersion", version)
            let first = try await client.append(stream, batch, field)
            #expect(first.status == 201)
            try await client.fill(stream, 1)
            let again = try await client.append(stream, batch, field)
            #expect(again.status == 201)
            #expect(again["Location"] == first["Location"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a batch that is known in part is refused`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            let known = BatchEvent()
            _ = try await client.append("s", [known])
            let answer = try await client.append("s", [known, BatchEvent()])
            #expect(answer.status == 400)
            #expect(answer.reason == "Wrong expected EventNumber")
            #expect(try await client.feed("/streams/s").titles == ["0@s"])
        }
    }
}
