import Testing

/// Forms of answers that other cases do not look at.
struct FormCases {
    @Test(arguments: ["/streams/s", "/streams/s/0", "/streams/s/0/forward/20"])
    func `a browser gets a page`(_ path: String) async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            let answer = try await client.get(path, accept: "text/html")
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "text/html; charset=utf-8")
            #expect(answer.text.contains("<html"))
        }
    }

    @Test func `a name in a page is text and no markup`() async throws {
        try await Interface.with { client in
            let stream = "%3Cscript%3Ealert(1)%3C%2Fscript%3E".replacing("%2F", with: "")
            _ = try await client.append(stream, [BatchEvent(type: "<b>'\\\"&")])
            for path in ["/streams/\(stream)", "/streams/\(stream)/0"] {
                let page = try await client.get(path, accept: "text/html")
                #expect(!page.text.contains("<script>alert"), "\(path)")
                #expect(!page.text.contains("<b>"), "\(path)")
            }
            let feed = try await client.get("/streams/\(stream)", accept: WireType.atomXML)
            #expect(feed.text.contains("&lt;script&gt;alert(1)&lt;script&gt;"))
            #expect(!feed.text.contains("<b>"))
        }
    }

    @Test func `a format that nobody knows is refused`() async throws {
        try await Interface.with { client in
            try await client.fill("s", 1)
            let answer = try await client.get("/streams/s?format=bogus")
            #expect(answer.status == 500)
            #expect(answer.body.isEmpty)
        }
    }

    @Test(arguments: [
        (WireType.atomJSON, "{}"), ("application/json", "{}"), (WireType.eventJSON, "{}"),
        (WireType.atomXML, ""), ("text/xml", ""), ("application/octet-stream", ""),
    ])
    func `an event that is not there has an empty body`(_ accept: String, _ body: String)
        async throws
    {
        try await Interface.with { client in
            let answer = try await client.get("/streams/none/0", accept: accept)
            #expect(answer.status == 404)
            #expect(answer.text == body)
            #expect(answer["Cache-Control"] == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the log of all streams is kept where it is full`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            try await client.fill("s", 12)
            let start = String(repeating: "0", count: 32)
            let head = try await client.get("/streams/$all")
            #expect(head["ETag"] != nil)
            #expect(head["Cache-Control"] == "max-age=0, no-cache, must-revalidate")
            let full = try await client.get("/streams/$all/\(start)/forward/5")
            #expect(full["Cache-Control"]?.hasPrefix("max-age=31536000, ") == true)
            #expect(full["ETag"] == nil)
            let short = try await client.get("/streams/$all/\(start)/forward/20")
            #expect(short["Cache-Control"] == "max-age=0, no-cache, must-revalidate")
            let same = try await client.get(
                "/streams/$all",
                PlainField("If-None-Match", try #require(head["ETag"]))
            )
            #expect(same.status == 304)
            for place in ["x", "0", "zz" + start.dropFirst(2), start + "0"] {
                let answer = try await client.get("/streams/$all/\(place)/forward/5")
                #expect(answer.status == 400)
                #expect(answer.reason == "Invalid position argument: \(place)")
            }
            let count = try await client.get("/streams/$all/\(start)/forward/none")
            #expect(count.status == 400)
            #expect(count.reason == "Invalid count argument: none")
        }
    }

    @Test(arguments: ["content", "rich", "body", "pretty", "tryharder", "PrettyBody"])
    func `bytes that are no JSON are shown where that is asked for`(_ embed: String) async throws {
        try await Interface.with { client in
            _ = try await client.post(
                "/streams/s",
                "text/xml",
                "<a>{}</a>",
                PlainField("ES-EventType", "told"),
                PlainField("ES-EventId", newID())
            )
            let entry = try #require(
                try await client.feed("/streams/s?embed=\(embed)").entries.first
            )
            #expect(entry.content == nil)
            #expect(entry.data == (embed == "tryharder" ? "<a>{}</a>" : nil))
            let isRich = !["content", "PrettyBody"].contains(embed)
            #expect((entry.eventId != nil) == isRich)
            #expect(entry.isJson == (isRich ? false : nil))
        }
    }
}
