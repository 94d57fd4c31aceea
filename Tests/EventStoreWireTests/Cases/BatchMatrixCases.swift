import Testing

/// Data and metadata of every kind in both batch types (case 78).
struct BatchMatrixCases {
    /// A value as it is sent, and as it is read.
    struct Value: Sendable, CustomTestStringConvertible {
        let sent: String?
        let read: String
        let isJSON: Bool

        var testDescription: String { sent ?? "absent" }

        /// What `event+json` shows.
        func shown() throws -> JSONValue { isJSON ? try JSONValue(read) : .text(read) }
    }

    private static let values = [
        Value(sent: nil, read: "", isJSON: false),
        Value(sent: "null", read: "", isJSON: false),
        Value(sent: "17", read: "", isJSON: false),
        Value(sent: "true", read: "", isJSON: false),
        Value(sent: #""plain text""#, read: "plain text", isJSON: false),
        Value(sent: #""{\"x\":1}""#, read: #"{"x":1}"#, isJSON: true),
        Value(sent: #""[1,2]""#, read: "[1,2]", isJSON: true),
        Value(sent: "[1,[]]", read: "[1,[]]", isJSON: true),
        Value(sent: #"{"x":{"y":"é"}}"#, read: #"{"x":{"y":"é"}}"#, isJSON: true),
    ]

    @Test(arguments: values, values)
    func `data and metadata are read as they were sent`(_ data: Value, _ metadata: Value)
        async throws
    {
        try await Interface.with { client in
            let id = newID()
            var members = [#""eventId":"\#(id)""#, #""eventType":"told""#]
            if let sent = data.sent { members.append(#""data":\#(sent)"#) }
            if let sent = metadata.sent { members.append(#""metadata":\#(sent)"#) }
            let body = "[{" + members.joined(separator: ",") + "}]"
            #expect(try await client.post("/streams/s", WireType.eventsJSON, body).status == 201)

            let answer = try await client.get("/streams/s/0", accept: WireType.eventJSON)
            let event = try WireEventJSON(answer)
            #expect(event.eventId == id)
            #expect(event.data == (try data.shown()))
            #expect(event.metadata == (try metadata.shown()))
            let rich = try await client.feed("/streams/s?embed=rich")
            #expect(rich.entries.first?.isJson == (data.isJSON || metadata.isJSON))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `keys may be written in any case`(_ kind: StoreKind) async throws {
        try await Interface.with(kind) { client in
            let body = #"[{"EventID":"\#(newID())","EVENTTYPE":"told","Data":{"K":1}}]"#
            #expect(try await client.post("/streams/s", WireType.eventsJSON, body).status == 201)
            let event = try WireEventJSON(
                try await client.get("/streams/s/0", accept: WireType.eventJSON)
            )
            #expect(event.eventType == "told")
            #expect(event.data["K"] == .number(1))
        }
    }

    /// Data in XML, and the JSON that it becomes.
    private static let elements = [
        ("<Data><a>1</a></Data>", #"{"a":"1"}"#),
        ("<data><a>1</a><a>2</a></data>", #"{"a":["1","2"]}"#),
        ("<Data><a><b>x</b></a></Data>", #"{"a":{"b":"x"}}"#),
        (#"<Data><a k="v">t</a></Data>"#, ##"{"a":{"@k":"v","#text":"t"}}"##),
    ]

    @Test(arguments: elements)
    func `a batch in XML becomes JSON`(_ element: String, _ json: String) async throws {
        try await Interface.with { client in
            let body = """
                <Events><Event><EventId>\(newID())</EventId><EventType>told</EventType>\
                \(element)<Metadata><m>2</m></Metadata></Event></Events>
                """
            #expect(try await client.post("/streams/s", WireType.eventsXML, body).status == 201)
            let event = try WireEventJSON(
                try await client.get("/streams/s/0", accept: WireType.eventJSON)
            )
            #expect(try event.data == JSONValue(json))
            #expect(event.metadata["m"] == .text("2"))
        }
    }

    /// Data in JSON, and the XML that it becomes.
    private static let objects = [
        (#"{"a":"1"}"#, "<a>1</a>"),
        (#"{"a":[1,2],"b":true}"#, "<a>1</a><a>2</a><b>true</b>"),
        (#"{"a":{"b":"<&>"}}"#, "<a><b>&lt;&amp;&gt;</b></a>"),
        (#"{"$maxCount":3,"k<":1}"#, "<_x0024_maxCount>3</_x0024_maxCount><k_x003C_>1</k_x003C_>"),
        (#"{"a":null}"#, "<a />"),
    ]

    @Test(arguments: objects)
    func `JSON becomes XML`(_ json: String, _ xml: String) async throws {
        try await Interface.with { client in
            _ = try await client.append("s", [BatchEvent(data: json)])
            let data = try await client.get("/streams/s/0", accept: "text/xml")
            #expect(data.text == "<data>\(xml)</data>")
            let event = try await client.get("/streams/s/0", accept: WireType.eventXML)
            #expect(event.text.contains("<data>\(xml)</data>"))
            let entry = try await client.get("/streams/s/0", accept: WireType.atomXML)
            #expect(entry.text.contains("<data>\(xml)</data>"))
        }
    }

    @Test func `two events in XML are two events`() async throws {
        try await Interface.with { client in
            let events = (1...2).map {
                """
                <event><eventId>\(newID())</eventId><eventType>t\($0)</eventType>\
                <data><n>\($0)</n></data></event>
                """
            }
            let body = "<events>\(events.joined())</events>"
            let answer = try await client.post("/streams/s", WireType.eventXML, body)
            #expect(answer.status == 201)
            #expect(try await client.feed("/streams/s").entries.map(\.summary) == ["t2", "t1"])
        }
    }

    @Test(arguments: [
        (WireType.eventsJSON, "[]"), (WireType.eventsJSON, ""), (WireType.eventsJSON, "[1]"),
        (WireType.eventsJSON, "{}"), (WireType.eventsJSON, "[{]"), (WireType.eventsJSON, "null"),
        (WireType.eventsXML, ""), (WireType.eventsXML, "<Events></Events>"),
        (WireType.eventsXML, "<Events><Event></Events>"),
        (WireType.eventsXML, "<!DOCTYPE x [<!ENTITY e \"e\">]><Events><Event>&e;</Event></Events>"),
    ])
    func `what is no batch is refused`(_ type: String, _ body: String) async throws {
        try await Interface.with { client in
            let answer = try await client.post("/streams/s", type, body)
            #expect(answer.status == 400)
            #expect(answer.reason == "Write request body invalid.")
            #expect(try await client.get("/streams/s").status == 404)
        }
    }

    @Test(arguments: [
        (#""eventType":"t""#, "Empty eventId provided."),
        (
            #""eventId":"00000000-0000-0000-0000-000000000000","eventType":"t""#,
            "Empty eventId provided."
        ),
        (#""eventId":"6c1d2c0e-6a0c-4f0e-9a7e-111111111111""#, "Empty eventType provided."),
    ])
    func `an event without a name is refused`(_ members: String, _ reason: String) async throws {
        try await Interface.with { client in
            let answer = try await client.post(
                "/streams/s",
                WireType.eventsJSON,
                "[{\(members),\"data\":{}}]"
            )
            #expect(answer.status == 400)
            #expect(answer.reason == reason)
        }
    }
}
