import EventModel
import FeedPages
import HTTPTypes
import Testing

@testable import FeedServing

private let ndjson: HTTPFields = [.contentType: "application/x-ndjson"]

@Suite(.timeLimit(.minutes(1)))
struct `Appending over HTTP` {
    private static let id = "018f6d0e-5c1e-7c55-8e0b-3f2f6f2f7a10"

    @Test func `takes one event a line as one unit`() async throws {
        let sample = try await Sample(events: 2)
        let response = await sample.post(
            "/events",
            ndjson,
            """
            {"stream":"a","type":"T","data":1.0,"expect":"none"}
            {"stream":"b","type":"T","dataText":"x"}
            {"stream":"a","type":"U","data":null}
            """
        )
        #expect(response.status == 201)
        #expect(response.fields[.location] == "/events/3")
        #expect(response.fields[.eventFeedNumber] == "5")
        #expect(response.fields[.eventFeedVersion] == nil)
        #expect(response.fields[.eventFeedEpoch] == sample.store.identity.epoch.description)
        #expect(response.fields[.cacheControl] == "no-store")
        #expect(
            response.text == """
                {"first":3,"last":5,"versions":{"a":2,"b":1},"firstVersions":{"a":1,"b":1}}

                """
        )
        #expect(await sample.answer("GET", "/events/3/data").text == "1.0")
    }

    @Test func `answers a repetition with the first result`() async throws {
        let sample = try await Sample(events: 0)
        let line = "{\"stream\":\"a\",\"type\":\"T\",\"id\":\"\(Self.id)\",\"data\":1,\"expect\":0}"
        let first = await sample.post("/events", ndjson, line)
        let second = await sample.post("/events", ndjson, line)
        #expect(first.status == 201)
        #expect(second.status == 200)
        #expect(first.text == second.text)
        #expect(first.fields == second.fields)
        #expect(await sample.store.head().number == EventNumber(1))
    }

    @Test func `says what was expected and what is there`() async throws {
        let sample = try await Sample(events: 6)
        let response = await sample.post(
            "/events",
            ndjson,
            "\n{\"stream\":\"n\",\"type\":\"T\",\"data\":1}\n"
                + "{\"stream\":\"loan-1\",\"type\":\"T\",\"data\":1,\"expect\":1}"
        )
        #expect(response.status == 412)
        #expect(response.problem == .versionConflict)
        #expect(response.fact("line") == .number(3))
        #expect(response.fact("expected") == .number(1))
        #expect(response.fact("actual") == .number(2))
        #expect(response.fact("between") == .text("/feed/streams/loan-1?after=1"))
        let ahead = await sample.post(
            "/feed/streams/loan-1",
            [.contentType: "text/plain", .eventType: "T", .ifMatch: "\"9\""],
            ""
        )
        #expect(ahead.fact("expected") == .number(9))
        #expect(ahead.fact("between") == nil)
        let none = await sample.post(
            "/feed/streams/loan-1",
            [.contentType: "text/plain", .eventType: "T", .ifNoneMatch: "*"],
            ""
        )
        #expect(none.fact("expected") == .text("none"))
        #expect(none.fact("between") == .text("/feed/streams/loan-1?after=0"))
        let exists = await sample.post(
            "/feed/streams/nobody",
            [.contentType: "text/plain", .eventType: "T", .ifMatch: "*"],
            ""
        )
        #expect(exists.fact("expected") == .text("exists"))
        #expect(exists.fact("actual") == .number(0))
    }

    @Test func `names the events whose ids are known`() async throws {
        let sample = try await Sample(events: 0)
        let known = "{\"stream\":\"a\",\"type\":\"T\",\"id\":\"\(Self.id)\",\"data\":1}"
        #expect(await sample.post("/events", ndjson, known).status == 201)
        let changed = await sample.post("/events", ndjson, known.replacing(":1}", with: ":2}"))
        #expect(changed.status == 409)
        #expect(changed.problem == .duplicateEvent)
        #expect(changed.fact("id") == .text(Self.id))
        #expect(changed.fact("number") == .number(1))
        #expect(changed.fact("stream") == .text("a"))
        let partly = await sample.post(
            "/events",
            ndjson,
            known + "\n{\"stream\":\"a\",\"type\":\"T\",\"data\":1}"
        )
        #expect(partly.status == 409)
        #expect(partly.problem == .partlyRecorded)
        #expect(partly.fact("known") == .known([.init(id: Self.id, number: 1)]))
    }

    @Test func `takes the bytes of one event under its own media type`() async throws {
        let sample = try await Sample(events: 0)
        let response = await sample.post(
            "/feed/streams/a%2Fb",
            [
                .contentType: "text/plain; charset=utf-8", .eventType: "Grüße",
                .eventID: Self.id, .eventMetadata: "{\"actor\":\"ann\"}", .ifNoneMatch: "*",
            ],
            "hello\r\n"
        )
        #expect(response.status == 201)
        #expect(response.fields[.eventFeedVersion] == "1")
        #expect(
            response.text == """
                {"first":1,"last":1,"versions":{"a/b":1},"firstVersions":{"a/b":1}}

                """
        )
        let event = try #require(await sample.store.event(EventNumber(1)))
        #expect(event.type.text == "Grüße")
        #expect(event.id.description == Self.id)
        #expect(event.data.bytes == Array("hello\r\n".utf8))
        #expect(event.data.mediaType.text == "text/plain; charset=utf-8")
        #expect(event.metadata?.bytes == Array("{\"actor\":\"ann\"}".utf8))
        let tag = try #require(
            await sample.answer("GET", "/feed/streams/a%2Fb").fields[.eTag]
        )
        let next = await sample.post(
            "/feed/streams/a%2Fb",
            [.contentType: "application/json", .eventType: "T", .ifMatch: tag],
            "1"
        )
        #expect(next.status == 201)
        #expect(next.fields[.eventFeedVersion] == "2")
    }

    @Test(
        arguments: [
            ([.contentType: "a/b"], 400, ProblemKind.invalidEvent),
            ([.eventType: "T"], 415, .unsupportedMediaType),
            ([.contentType: "nonsense", .eventType: "T"], 400, .invalidEvent),
            ([.contentType: "a/b", .eventType: "T", .eventID: "x"], 400, .invalidEvent),
            ([.contentType: "a/b", .eventType: "T", .eventMetadata: "[1]"], 400, .invalidEvent),
            ([.contentType: "a/b", .eventType: "T", .eventMetadata: "{"], 400, .invalidEvent),
            ([.contentType: "a/b", .eventType: "T", .ifMatch: "W/\"1\""], 400, .invalidHeader),
            (
                [.contentType: "a/b", .eventType: "T", .ifMatch: "\"1\", \"2\""], 400,
                .invalidHeader
            ),
            ([.contentType: "a/b", .eventType: "T", .ifMatch: "\"x\""], 400, .invalidHeader),
            ([.contentType: "a/b", .eventType: "T", .ifNoneMatch: "\"1\""], 400, .invalidHeader),
            (
                [.contentType: "a/b", .eventType: "T", .ifMatch: "*", .ifNoneMatch: "*"], 400,
                .invalidHeader
            ),
            (
                [.contentType: "a/b", .eventType: "T", .contentEncoding: "gzip"], 415,
                .unsupportedMediaType
            ),
            (
                [.contentType: "application/atom+xml;type=feed"], 415, .unsupportedMediaType
            ),
            ([.contentType: "application/atom+xml", .eventType: "T"], 400, .invalidHeader),
        ] as [(HTTPFields, Int, ProblemKind)]
    )
    func `refuses headers that are wrong`(
        fields: HTTPFields,
        status: Int,
        problem: ProblemKind
    ) async throws {
        let sample = try await Sample(events: 0)
        let response = await sample.post("/feed/streams/a", fields, "x")
        #expect(response.status == status)
        #expect(response.problem == problem)
        #expect(await sample.store.head().number == .beginning)
        if fields[.contentEncoding] != nil {
            #expect(response.fields[.acceptEncoding] == "identity")
        }
    }

    @Test(
        arguments: [
            (".", "reserved-name"), ("%2E%2E", "reserved-name"), ("%00", "character"),
            ("%0A", "character"), ("a%7F", "character"), ("%20a", "surrounding-space"),
            (String(repeating: "a", count: 513), "too-long"),
        ]
    )
    func `refuses a name that no stream can have`(name: String, reason: String) async throws {
        let sample = try await Sample(events: 0)
        let fields: HTTPFields = [.contentType: "a/b", .eventType: "T"]
        let response = await sample.post("/feed/streams/\(name)", fields, "x")
        #expect(response.status == 400)
        #expect(response.problem == .invalidEvent)
        #expect(response.fact("field") == .text("stream"))
        #expect(response.fact("reason") == .text(reason))
        #expect(await sample.answer("GET", "/feed/streams/\(name)").problem == .invalidAddress)
    }

    @Test(
        arguments: [
            ([.eventID: "x"], true, "Event-Id", "not-uuid"),
            ([.eventID: ""], true, "Event-Id", "not-uuid"),
            ([.eventID: "\u{FFFD}"], false, "Event-Id", "not-uuid"),
            ([.eventType: ""], true, "Event-Type", "empty"),
            ([.eventType: "\u{FFFD}"], false, "Event-Type", "character"),
            ([.eventMetadata: "{\"a\":\"\u{FFFD}\"}"], false, "Event-Metadata", "not-json"),
            ([.contentType: "x"], true, "Content-Type", "media-type"),
            ([.contentType: "/"], true, "Content-Type", "media-type"),
            ([.contentType: "text/"], true, "Content-Type", "media-type"),
            ([.contentType: "a/b;c"], true, "Content-Type", "media-type"),
        ] as [(HTTPFields, Bool, String, String)]
    )
    func `names the header and the rule that it breaks`(
        changed: HTTPFields,
        isUTF8: Bool,
        field: String,
        reason: String
    ) async throws {
        let sample = try await Sample(events: 0)
        var fields: HTTPFields = [.contentType: "a/b", .eventType: "T"]
        for header in changed { fields[header.name] = header.value }
        var request = FeedRequest("POST", "/feed/streams/a", fields: fields)
        request.fieldsAreUTF8 = isUTF8
        let response = await sample.responder.respond(
            to: request,
            body: ReadyBody([[0x78]]),
            inputClosed: Latch()
        )
        #expect(response.status == 400)
        #expect(response.problem == .invalidEvent)
        #expect(response.fact("field") == .text(field))
        #expect(response.fact("reason") == .text(reason))
    }

    @Test(arguments: ["x", "/", "text/", "a/b;c", "text/plain;", ""])
    func `takes no other media type where it reads the body`(type: String) async throws {
        let sample = try await Sample(events: 0)
        for target in ["/events", "/feed"] {
            let response = await sample.post(target, [.contentType: type], "{}")
            #expect(response.status == 415)
            #expect(response.problem == .unsupportedMediaType)
            #expect(response.fact("given") == .text(type))
        }
    }

    @Test func `refuses a field that occurs twice`() async throws {
        let sample = try await Sample(events: 0)
        var fields: HTTPFields = [.contentType: "a/b", .eventType: "T"]
        fields.append(HTTPField(name: .eventType, value: "U"))
        #expect(await sample.post("/feed/streams/a", fields, "x").problem == .invalidHeader)
    }

    @Test func `takes an Atom entry and gives its document back`() async throws {
        let sample = try await Sample(events: 0)
        let response = await sample.post(
            "/feed",
            [.contentType: "application/atom+xml;type=entry"],
            """
            <entry xmlns="http://www.w3.org/2005/Atom" xmlns:ef="urn:eventfeed:1">
              <id>tag:example.org,2026:1</id><title>Requested</title>
              <updated>2026-01-01T00:00:00Z</updated><author><name>Ann</name></author>
              <ef:event stream="loan-30"/>
              <content type="text" ef:media-type="application/json">{"amount":5}</content>
            </entry>
            """
        )
        #expect(response.status == 201)
        #expect(response.fields[.contentLocation] == "/events/1")
        #expect(response.fields[.contentType] == "application/atom+xml;type=entry")
        #expect(response.fields[.eTag] != nil)
        #expect(response.bytes == (await sample.answer("GET", "/events/1.atom").bytes))
        #expect(response.text.contains("urn:uuid:2446b782-a8c2-59ff-ab50-027278d5cd61"))
        let other = await sample.post("/feed", [.contentType: "application/json"], "{}")
        #expect(other.status == 415)
    }

    @Test func `puts the base address before Location alone`() async throws {
        let sample = try await Sample(events: 0) { $0.baseURL = "https://events.example/x" }
        let response = await sample.post(
            "/events",
            ndjson,
            "{\"stream\":\"a\",\"type\":\"T\",\"data\":1}"
        )
        #expect(response.fields[.location] == "https://events.example/x/events/1")
    }

    @Test func `says in which line a body is wrong`() async throws {
        let sample = try await Sample(events: 0)
        let response = await sample.post(
            "/events",
            ndjson,
            "{\"stream\":\"a\",\"type\":\"T\",\"data\":1}\n{\"stream\":\"a\",\"colour\":1}"
        )
        #expect(response.status == 400)
        #expect(response.problem == .invalidEvent)
        #expect(response.fact("line") == .number(2))
        #expect(response.fact("field") == .text("colour"))
        #expect(response.fact("reason") == .text("unknown-member"))
        #expect(await sample.post("/events", ndjson, "").problem == .invalidBody)
        #expect(await sample.post("/events", [.contentType: "text/plain"], "").status == 415)
        let conditional: HTTPFields = [.contentType: "application/json", .ifMatch: "\"1\""]
        #expect(await sample.post("/events", conditional, "{}").problem == .invalidHeader)
    }

    @Test func `refuses what is larger than its limit`() async throws {
        let sample = try await Sample(events: 0)
        let fields: HTTPFields = [.contentType: "a/b", .eventType: "T"]
        let long = String(repeating: "x", count: (4 << 20) + 1)
        let data = await sample.post("/feed/streams/a", fields, long)
        #expect(data.status == 413)
        #expect(data.fact("limit") == .number(4 << 20))
        #expect(data.fact("size") == .number((4 << 20) + 1))
        let whole = await sample.post("/feed/streams/a", fields, String(long.dropLast()))
        #expect(whole.status == 201)
        var header = fields
        header[.eventMetadata] = "{\"a\":\"\(String(repeating: "x", count: 8_192))\"}"
        #expect(await sample.post("/feed/streams/a", header, "x").status == 413)
    }

    @Test func `has one budget for all bodies and gives it back`() async throws {
        let sample = try await Sample(events: 0) { $0.wireLimits.bodiesBytes = 100 }
        let fields: HTTPFields = [.contentType: "a/b", .eventType: "T"]
        #expect(sample.responder.bodies.take(60))
        let refused = await sample.post(
            "/feed/streams/a",
            fields,
            String(repeating: "x", count: 50)
        )
        #expect(refused.status == 503)
        #expect(refused.problem == .overloaded)
        #expect(refused.fields[.retryAfter] == "1")
        #expect(sample.responder.bodies.taken == 60)
        let taken = await sample.post(
            "/feed/streams/a",
            fields,
            String(repeating: "x", count: 40)
        )
        #expect(taken.status == 201)
        #expect(sample.responder.bodies.taken == 60)
    }
}
