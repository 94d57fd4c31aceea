import EventModel
import EventTesting
import FeedPages
import HTTPTypes
import Logging
import Subscriptions
import Synchronization
import Testing

@testable import FeedReading

@Suite(.timeLimit(.minutes(1)))
struct `Appending over HTTP` {
    private static let recorded = ScriptedServer.Step.answer(
        201,
        ["Content-Type: application/json"],
        text: "{\"first\":8,\"last\":9,\"versions\":{\"a\":3,\"e\u{301}\":1,\"\u{E9}\":2}}"
    )

    @Test
    func `sends a line for each event and reads where they are`() async throws {
        let events = [try Sample.event("a", json: "{\"n\": 1.0}"), try Sample.event("b")]
        let batch = try AppendBatch(
            events,
            expecting: [events[0].stream: .exactly(StreamVersion(2))]
        )
        try await write({ _ in [Self.recorded] }) { writer, server in
            let result = try await writer.append(batch)

            #expect(result.first == EventNumber(8) && result.last == EventNumber(9))
            #expect(result.versions.count == 3)
            #expect(result.versions[try StreamName("\u{E9}")] == StreamVersion(2))
            #expect(!result.wasAlreadyRecorded)
            let request = try #require(server.requests.first)
            #expect(request.method == "POST" && request.target == "/events")
            #expect(request["content-type"] == "application/x-ndjson")
            let parsed = try EventLinesReader.parse(request.body)
            #expect(parsed.events == events)
            #expect(parsed.expectations[events[0].stream] == .exactly(StreamVersion(2)))
        }
    }

    @Test(arguments: ["broken", "cut off", "busy", "gateway", "slow down"])
    func `is tried again with the same ids until there is an answer`(trouble: String) async throws {
        let tries = Mutex(0)
        let batch = try AppendBatch(try Sample.events(2))
        try await write({ _ in
            let count = tries.withLock { count in
                count += 1
                return count
            }
            guard count < 3 else { return [Self.recorded] }
            switch trouble {
            case "broken": return [.close]
            case "cut off":
                return [.text("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{"), .close]
            case "busy": return [.problem(503, "overloaded", "busy", fields: ["Retry-After: -3"])]
            case "gateway": return [.answer(502, ["Content-Type: text/html"], text: "<html>")]
            default: return [.answer(429, ["Retry-After: garbage"])]
            }
        }) { writer, server in
            let result = try await writer.append(batch)

            #expect(result.last == EventNumber(9))
            #expect(server.requests.count == 3)
            #expect(Set(server.requests.map(\.body)).count == 1)
        }
    }

    @Test
    func `gives up when its patience ends`() async throws {
        let batch = try AppendBatch(try Sample.events(1))
        let settings = FeedWriter.Settings(patience: .zero)
        try await write({ _ in [.answer(503, ["Retry-After: 9"])] }, settings) { writer, server in
            let error = await #expect(throws: EventStoreError.self) {
                try await writer.append(batch)
            }

            #expect(error?.code == .unavailable)
            #expect((error?.cause as? RequestRefused)?.retryAfter == .seconds(9))
            #expect(server.requests.count == 1)
        }
    }

    @Test
    func `is refused with the errors of a store`() async throws {
        let events = try Sample.events(2, of: "a")
        let id = events[0].id
        let batch = try AppendBatch(events, expecting: [events[0].stream: .none])
        let cases: [(ScriptedServer.Step, any Error & Equatable & Sendable)] = [
            (
                .problem(
                    412,
                    "version-conflict",
                    "no",
                    "\"stream\":\"a\",\"expected\":\"none\",\"actual\":4"
                ),
                VersionConflict(
                    stream: events[0].stream,
                    expected: .none,
                    actual: StreamVersion(4)
                )
            ),
            (
                .problem(409, "duplicate-event", "no", "\"line\":1,\"id\":\"\(id)\",\"number\":5"),
                DuplicateEvent(id: id, number: EventNumber(5))
            ),
            (
                .problem(
                    409,
                    "partly-recorded",
                    "no",
                    "\"known\":[{\"id\":\"\(id)\",\"number\":5}]"
                ),
                PartlyRecorded(known: [id: EventNumber(5)])
            ),
            (
                .problem(
                    413,
                    "too-large",
                    "no",
                    "\"line\":2,\"field\":\"dataText\",\"limit\":3,\"size\":4"
                ),
                LimitExceeded(field: "data", limit: 3, actual: 4, eventIndex: 1)
            ),
            (
                .problem(413, "too-large", "no", "\"field\":\"body\",\"limit\":3,\"size\":4"),
                LimitExceeded(field: "append", limit: 3, actual: 4)
            ),
        ]
        for (step, expected) in cases {
            try await write({ _ in [step] }) { writer, server in
                await expect(expected) { try await writer.append(batch) }
                #expect(server.requests.count == 1)
            }
        }
    }

    private func expect<Failure: Error & Equatable>(
        _ error: Failure,
        _ body: () async throws -> AppendResult
    ) async {
        await #expect(throws: error) { _ = try await body() }
    }

    @Test(arguments: [
        (507, "storage-full", EventStoreError.Code.storageFull), (500, "internal", .io),
    ])
    func `is not tried again where that cannot help`(
        status: Int,
        name: String,
        code: EventStoreError.Code
    ) async throws {
        let batch = try AppendBatch(try Sample.events(1))
        try await write({ _ in [.problem(status, name, "no")] }) { writer, server in
            let error = await #expect(throws: EventStoreError.self) {
                try await writer.append(batch)
            }
            #expect(error?.code == code)
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [301, 302, 303, 404])
    func `never becomes a read`(status: Int) async throws {
        let batch = try AppendBatch(try Sample.events(1))
        try await write({ _ in [.answer(status, ["Location: /elsewhere"])] }) { writer, server in
            let error = await #expect(throws: RequestRefused.self) {
                try await writer.append(batch)
            }
            #expect(error?.status == status)
            #expect(server.requests.map(\.method) == ["POST"])
        }
    }

    @Test(arguments: ["", "{}", "{\"first\":2,\"last\":1,\"versions\":{}}", "<html>", "[1]"])
    func `does not take just anything for a result`(body: String) async throws {
        let batch = try AppendBatch(try Sample.events(1))
        try await write({ _ in [.answer(200, [], text: body)] }) { writer, _ in
            let error = await #expect(throws: EventStoreError.self) {
                try await writer.append(batch)
            }
            #expect(error?.code == .io)
        }
    }

    @Test
    func `needs a server`() async throws {
        try await AsyncHTTPTransport.withTransport(logger: Logger(label: "test")) { transport in
            let error = #expect(throws: SourceError.self) {
                _ = try FeedWriter(
                    to: .folder(path: "/tmp"),
                    over: transport,
                    logger: Logger(label: "test")
                )
            }
            #expect(error?.code == .unusableAddress)
        }
    }

    private func write(
        _ script: @escaping ScriptedServer.Script,
        _ settings: FeedWriter.Settings = FeedWriter.Settings(
            backOff: BackOff(minimum: .milliseconds(1), maximum: .milliseconds(2))
        ),
        _ body: (FeedWriter, ScriptedServer) async throws -> Void
    ) async throws {
        try await ScriptedServer.run(answering: script) { server in
            try await AsyncHTTPTransport.withTransport(logger: Logger(label: "test")) { transport in
                let writer = try FeedWriter(
                    to: try FeedLocation(server.address),
                    over: transport,
                    settings: settings,
                    logger: Logger(label: "test")
                )
                try await body(writer, server)
            }
        }
    }
}
