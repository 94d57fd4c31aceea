import EventModel
import EventTesting
import FoundationEssentials
import HTTPTypes
import Logging
import Subscriptions
import Synchronization
import Testing

@testable import FeedReading

@Suite(.timeLimit(.minutes(1)))
struct `A user's name and password` {
    private static let password = "pä ss:wörd"
    /// `ann:pä ss:wörd` in UTF-8.
    private static let field = "Basic YW5uOnDDpCBzczp3w7ZyZA=="

    private func settings(for address: String) throws -> AsyncHTTPTransport.Settings {
        var settings = AsyncHTTPTransport.Settings.standard
        settings.credentials = try Credentials(
            user: "ann",
            password: Self.password,
            for: try #require(URL(string: address))
        )
        return settings
    }

    @Test func `go to their origin alone, wherever a redirect leads`() async throws {
        let lines = LogLines()
        try await ScriptedServer.run(answering: { _ in [.answer(200)] }) { other in
            let elsewhere = other.address
            try await ScriptedServer.run(answering: { request in
                switch request.target {
                case "/": [.answer(307, ["Location: /same"])]
                case "/same": [.answer(307, ["Location: \(elsewhere)/x"])]
                default: [.answer(200)]
                }
            }) { server in
                let settings = try settings(for: server.address)
                try await AsyncHTTPTransport.withTransport(
                    settings: settings,
                    logger: lines.logger
                ) { transport in
                    let address = try #require(URL(string: server.address + "/"))
                    let answer = try await WebConversation(over: transport).ask(.init(address))
                    #expect(answer.credentials == .withheld)
                }
                #expect(server.requests.map { $0["authorization"] } == [Self.field, Self.field])
            }
            #expect(other.requests.map { $0["authorization"] } == [nil])
        }
        #expect(!lines.all.isEmpty)
        for secret in [Self.password, "wörd", "YW5u"] {
            #expect(lines.all.filter { $0.contains(secret) } == [])
        }
    }

    @Test(arguments: [
        ("http://h:80/a", "http://H/b?c", true), ("http://h/", "https://h/", false),
        ("http://h/", "http://h:81/", false), ("http://h/", "http://h.example/", false),
        ("https://h/", "https://h:443/", true), ("http://[::1]:1/", "http://[::1]:1/x", true),
    ])
    func `are for one scheme, host and port`(own: String, asked: String, isSent: Bool) throws {
        let settings = try settings(for: own)
        let address = try #require(URL(string: asked))
        #expect(settings.credentials?.authorization(for: address) == (isSent ? Self.field : nil))
    }

    @Test(
        arguments: [
            ("", "x", .emptyUser), ("a:b", "x", .colonInUser), ("a\nb", "x", .controlCharacters),
            ("a", "x\r\nCookie: y", .controlCharacters), ("a", "\0", .controlCharacters),
        ] as [(String, String, InvalidCredentials)]
    )
    func `are refused where no field can hold them`(
        user: String,
        password: String,
        error: InvalidCredentials
    ) throws {
        let address = try #require(URL(string: "http://h"))
        #expect(throws: error) {
            try Credentials(user: user, password: password, for: address)
        }
    }

    @Test func `are never shown`() throws {
        let settings = try settings(for: "http://h")
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] {
            #expect(text.contains("ann"))
            #expect(!text.contains("wörd") && !text.contains("YW5u"))
        }
    }

    @Test func `that a redirect leads away from are told to be for another address`() async throws {
        try await ScriptedServer.run(answering: { _ in [.answer(401)] }) { other in
            let elsewhere = other.address
            try await ScriptedServer.run(answering: { _ in
                [.answer(307, ["Location: \(elsewhere)/feed"])]
            }) { server in
                try await FeedClient.withClient(
                    of: try FeedLocation(server.address),
                    transport: try settings(for: server.address),
                    logger: Logger(label: "test")
                ) { client in
                    let error = await #expect(throws: SourceError.self) {
                        try await client.describe()
                    }
                    #expect(error?.code == .unauthorised)
                    #expect(error?.message.contains("\(elsewhere)/feed answered 401") == true)
                    #expect(error?.message.contains("which were not sent") == true)
                }
            }
            #expect(other.requests.map { $0["authorization"] } == [nil])
        }
    }

    @Test(arguments: [401, 403], [false, true])
    func `that are missing or wrong end a subscription and an append`(
        status: Int,
        isGiven: Bool
    ) async throws {
        try await ScriptedServer.run(answering: { _ in [.answer(status)] }) { server in
            let transport = isGiven ? try settings(for: server.address) : .standard
            try await FeedClient.withClient(
                of: try FeedLocation(server.address),
                transport: transport,
                logger: Logger(label: "test")
            ) { client in
                let error = await #expect(throws: SourceError.self) { try await client.describe() }
                #expect(error?.code == .unauthorised)
                #expect(error?.kind == .fatal)
                #expect(error?.message.contains("user") == true)
                #expect(error?.message.contains("got none") == !isGiven)
            }
            try await AsyncHTTPTransport.withTransport(
                settings: transport,
                logger: Logger(label: "test")
            ) { transport in
                let writer = try FeedWriter(
                    to: try FeedLocation(server.address),
                    over: transport,
                    logger: Logger(label: "test")
                )
                let event = NewEvent(
                    stream: try StreamName("a"),
                    type: try EventType("T"),
                    data: Payload([], mediaType: .octetStream)
                )
                let error = await #expect(throws: RequestRefused.self) {
                    try await writer.append(event)
                }
                #expect(error?.status == status)
                #expect(error?.description.contains("user") == true)
            }
            #expect(server.requests.count == 2)
        }
    }
}

/// What was logged, with everything that belongs to it.
private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.lines.withLock {
                $0.append("\(event.message) \(metadata) \(event.metadata ?? [:])")
            }
        }
    }
}
