import Testing

/// Media types as clients write them (case 76).
struct MediaTypeCases {
    /// What is wanted, and the type of the answer.
    private static let wanted: [(accept: String, type: String?)] = [
        ("application/atom+xml", "application/atom+xml"),
        ("APPLICATION/Atom+XML", "application/atom+xml"),
        ("application/atom+xml;q=0.5", "application/atom+xml"),
        ("application/atom+xml; q=0", "application/atom+xml"),
        ("application/atom+xml; charset=utf-8", "application/atom+xml"),
        ("application/atom+xml;charset=UTF-8; q=0.3", "application/atom+xml"),
        ("  application/atom+xml  ", "application/atom+xml"),
        ("application/atom+xml; type=feed", "application/atom+xml"),
        ("text/xml;q=0.2, application/xml;q=0.9", "application/xml"),
        ("text/xml, application/xml", "text/xml"),
        ("image/png, application/json", "application/json"),
        ("image/png,application/json", "application/json"),
        ("text/*", "text/xml"),
        ("image/png", nil),
        ("image/*", nil),
        ("application/octet-stream", nil),
        ("atom", nil),
        ("/", nil),
        (";q=1", nil),
    ]

    @Test(arguments: wanted)
    func `the first type that can be written decides`(_ accept: String, _ type: String?)
        async throws
    {
        try await Interface.with { client in
            try await client.fill("s", 1)
            let answer = try await client.get("/streams/s", accept: accept)
            guard let type else {
                #expect(answer.status == 406)
                #expect(
                    answer.reason == "Requested URI is not available in requested format"
                )
                #expect(answer.body.isEmpty)
                return
            }
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "\(type); charset=utf-8")
        }
    }

    @Test(arguments: [
        ("json", "application/json"), ("xml", "text/xml"), ("atom", "application/atom+xml"),
        ("atomxj", "application/vnd.eventstore.atom+json"), ("ATOM", "application/atom+xml"),
    ])
    func `a format in the address wins`(_ format: String, _ type: String) async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            for accept in ["", "image/png", "application/xml"] {
                let answer = try await client.get("/streams/s?format=\(format)", accept: accept)
                #expect(answer.status == 200)
                #expect(answer["Content-Type"] == "\(type); charset=utf-8")
            }
        }
    }

    @Test(arguments: ["text", "atomsvc", "atomsvcxj"])
    func `a format that streams do not have is refused`(_ format: String) async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            let answer = try await client.get("/streams/s?format=\(format)")
            #expect(answer.status == 406)
        }
    }

    /// What is sent, and whether it is taken.
    private static let sent: [(type: String, isTaken: Bool)] = [
        ("application/json", true),
        ("application/json;charset=utf-8", true),
        ("application/json; charset=UTF-8", true),
        ("application/json ; charset=utf-8", true),
        ("application/json; charset=utf-16", false),
        ("Application/JSON", false),
        ("application/x-www-form-urlencoded", false),
        ("json", false),
    ]

    @Test(arguments: sent)
    func `the type of a body is one that is known`(_ type: String, _ isTaken: Bool) async throws {
        try await Interface.with { client in
            let answer = try await client.post(
                "/streams/s",
                type,
                "{}",
                PlainField("ES-EventType", "told"),
                PlainField("ES-EventId", newID())
            )
            #expect(answer.status == (isTaken ? 201 : 415))
            if !isTaken { #expect(answer.reason == "Invalid or missing Content-Type") }
        }
    }

    @Test func `nothing is written for whom no answer can be written`() async throws {
        try await Interface.with { client in
            let answer = try await client.append(
                "s",
                [BatchEvent()],
                PlainField("Accept", "image/png")
            )
            #expect(answer.status == 406)
            #expect(try await client.get("/streams/s").status == 404)
        }
    }
}
