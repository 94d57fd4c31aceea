import Testing

/// What a client asks about the server: cases 81 and 82, and the contract's section 12.
///
/// Case 74 is about persistent subscriptions, which are not offered.
struct NodeCases {
    // 81: there is one server, and it leads.
    @Test(arguments: ["ES-RequireMaster", "ES-RequireLeader"], ["True", "true", "False"])
    func `whoever needs the leader has found it`(_ field: String, _ value: String) async throws {
        try await Interface.with { client in
            let wanted = PlainField(field, value)
            #expect(try await client.append("s", [BatchEvent()], wanted).status == 201)
            for page in ["s", "s/0/forward/5", "s/head/backward/5", "$all"] {
                let answer = try await client.get("/streams/\(page)", wanted)
                #expect(answer.status == 200, "\(page)")
            }
            #expect(try await client.delete("s", wanted).status == 204)
        }
    }

    @Test(arguments: ["Kurrent-", "ES-"])
    func `fields may have the names of the newest version`(_ prefix: String) async throws {
        try await Interface.with { client in
            let first = try await client.post(
                "/streams/s",
                "application/json",
                "{}",
                PlainField("\(prefix)EventType", "told"),
                PlainField("\(prefix)EventId", newID()),
                PlainField("\(prefix)ExpectedVersion", "-1")
            )
            #expect(first.status == 201)
            let conflict = try await client.append(
                "s",
                [BatchEvent()],
                PlainField("\(prefix)ExpectedVersion", "-1")
            )
            #expect(conflict.status == 400)
            #expect(conflict["ES-CurrentVersion"] == "0")
        }
    }

    @Test(arguments: [
        ("application/json", "\"text\": \"Ping request successfully handled\""),
        ("text/plain", "Text: Ping request successfully handled"),
        ("text/xml", "<Text>Ping request successfully handled</Text>"),
    ])
    func `a ping is answered`(_ accept: String, _ text: String) async throws {
        try await Interface.with { client in
            let answer = try await client.get("/ping", accept: accept)
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "\(accept); charset=utf-8")
            #expect(answer.text.contains(text))
        }
    }

    @Test func `clients learn which version to speak`() async throws {
        try await Interface.with { client in
            let info = try JSONValue(
                try await client.get("/info", accept: "application/json").text
            )
            #expect(info["esVersion"]?.string?.isEmpty == false)
            #expect(info["state"] == .text("master"))
            #expect(info["projectionsMode"] == .text("None"))
            let stats = try await client.get("/stats", accept: "application/json")
            #expect(stats.status == 200)
            #expect(stats["Cache-Control"] == "max-age=1, public")
        }
    }

    @Test func `a browser is sent to a page`() async throws {
        try await Interface.with { client in
            let answer = try await client.get("/web", accept: "text/html")
            #expect(answer.status == 302)
            #expect(answer["Location"] == "\(client.transport.origin)/web/index.html")
            let page = try await client.get("/web/index.html", accept: "text/html")
            #expect(page.status == 200)
            #expect(page["Content-Type"] == "text/html; charset=utf-8")
        }
    }

    // 82
    @Test func `a server that answers is alive`() async throws {
        try await Interface.with { client in
            let answer = try await client.get("/health/live", accept: "")
            #expect((200..<300).contains(answer.status))
            let chosen = try await client.get("/health/live?liveCode=200", accept: "*/*")
            #expect(chosen.status == 200)
        }
    }

    @Test(arguments: ["/streams/s", "/streams/s/0", "/streams/$all", "/ping", "/streams/none"])
    func `a browser asks what another origin may do`(_ path: String) async throws {
        try await Way.direct.withTransport(sendsCORS: true) { transport in
            let client = WireClient(transport: transport)
            let answer = try await client.send("OPTIONS", path)
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
            #expect(answer["Access-Control-Allow-Origin"] == "*")
            #expect(answer["Access-Control-Allow-Methods"]?.hasSuffix(", OPTIONS") == true)
            #expect(
                answer["Access-Control-Expose-Headers"]
                    == "Location, ES-Position, ES-CurrentVersion"
            )
        }
    }

    @Test func `another origin may do nothing unless that was said`() async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            for (method, path) in [("OPTIONS", "/streams/s"), ("GET", "/streams/s/0")] {
                let answer = try await client.send(method, path)
                #expect(answer.status == 200)
                #expect(answer["Access-Control-Allow-Origin"] == nil)
                #expect(answer["Access-Control-Allow-Methods"] == nil)
            }
        }
    }

    @Test(arguments: ["/streams/s", "/streams/s/0", "/streams/$all", "/ping"])
    func `HEAD is GET without the body`(_ path: String) async throws {
        try await Way.socket.withClient { client in
            try await client.fill("s", 1)
            let accept = PlainField.accept(path == "/ping" ? "application/json" : WireType.atomJSON)
            let full = try await client.send("GET", path, [accept])
            let head = try await client.send("HEAD", path, [accept])
            #expect(full.status == 200)
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
            #expect(!full.body.isEmpty)
            for name in ["Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary"] {
                #expect(head[name] == full[name], "\(name)")
            }
        }
    }
}
