import EventModel
import EventTesting
import Foundation
import Logging
import NIOCore
import NIOSSL
import Synchronization
import Testing

@testable import FeedServing

private let isMissing: Comment = "openssl is not installed (apt-get install openssl): skipped"

@Suite(.timeLimit(.minutes(2)), .enabled(if: TestAuthority.isInstalled, isMissing))
struct `A connection over TLS` {
    private static let health = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `is served like any other`() async throws {
        try await Wire.tls.run {
            try await RunningServer.with { port in
                try await RawClient.connect(port) { client in
                    try await client.send(Self.health + Self.health)
                    for _ in 0..<2 { #expect(try await client.response().status == 200) }
                    client.finish()
                    #expect(try await client.isClosed())
                }
            }
        }
    }

    @Test func `may end its side before a long answer`() async throws {
        let store = InMemoryEventStore()
        let bytes = [UInt8](repeating: 7, count: 3 << 20)
        try await store.append([
            NewEvent(
                stream: try StreamName("a"),
                type: try EventType("T"),
                data: Payload(bytes, mediaType: .octetStream)
            )
        ])
        for wire in Wire.allCases {
            try await wire.run {
                try await RunningServer.with(store) { port in
                    try await RawClient.connect(port) { client in
                        try await client.send("GET /events/1/data HTTP/1.1\r\nHost: a\r\n\r\n")
                        client.finish()
                        #expect(try await client.response().body == bytes)
                        #expect(try await client.isClosed())
                    }
                }
            }
        }
    }

    @Test func `may be broken off by a client that still reads`() async throws {
        try await Wire.tls.run {
            try await RunningServer.with { port in
                try await RawClient.connect(port) { client in
                    try await client.send(Self.health)
                    #expect(try await client.response().status == 200)
                    try await client.breakOff()
                    #expect(try await client.isClosed())
                }
                try await RawClient.connect(port) { client in
                    try await client.send(
                        Self.health + "POST /events HTTP/1.1\r\nHost: a\r\n"
                            + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{"
                    )
                    #expect(try await client.response().status == 200)
                    try await client.breakOff()
                    do {
                        #expect(try await client.response().status == 400)
                    } catch NIOSSLError.uncleanShutdown {
                        // TLS ends as a whole, and its end may overtake the answer.
                    } catch is RawResponse.Missing {
                    }
                    #expect(try await client.isClosed())
                }
                // Others are served all the same.
                try await RawClient.connect(port) { client in
                    try await client.send(Self.health)
                    #expect(try await client.response().status == 200)
                }
            }
        }
    }

    /// Asks a server of TLS without speaking it.
    private func plainly(
        configure: (inout FeedServerConfiguration) -> Void = { _ in },
        _ body: @Sendable (RawClient) async throws -> Void
    ) async throws {
        try await Wire.tls.run {
            try await RunningServer.with { port in
                try await Wire.$ends.withValue(nil) {
                    try await RawClient.connect(port) { try await body($0) }
                }
                // Others are served meanwhile and afterwards.
                try await RawClient.connect(port) { client in
                    try await client.send(Self.health)
                    #expect(try await client.response().status == 200)
                }
            }
        }
    }

    @Test func `that is plain HTTP is closed`() async throws {
        try await plainly { client in
            try await client.send(Self.health)
            await #expect(throws: (any Error).self) { try await client.response() }
            #expect(try await client.isClosed())
        }
    }

    @Test(arguments: ["", "\u{16}\u{03}\u{01}"])
    func `is closed where no handshake comes in time`(beginning: String) async throws {
        try await Wire.tls.run {
            try await RunningServer.with(
                configure: {
                    $0.limits.headTime = .milliseconds(300)
                    // What must not count.
                    $0.limits.idleTime = .seconds(3_600)
                }
            ) { port in
                try await Wire.$ends.withValue(nil) {
                    try await RawClient.connect(port) { client in
                        if !beginning.isEmpty { try await client.send(beginning) }
                        #expect(try await client.isClosed())
                    }
                }
            }
        }
    }

    @Test func `that fails is told at debug and never more`() async throws {
        let lines = Lines()
        try await Wire.tls.run {
            try await RunningServer.with(logger: lines.logger(.trace)) { port in
                try await Wire.$ends.withValue(nil) {
                    try await RawClient.connect(port) { client in
                        try await client.send(Self.health)
                        #expect(try await client.isClosed())
                    }
                }
                try await eventually("the line") {
                    lines.all.contains { $0.text == "handshake failed" }
                }
                #expect(lines.all.filter { $0.level > .debug }.map(\.text) == [])
            }
        }
    }

    @Test func `says so to whoever answers, with the way it came`() async throws {
        for wire in Wire.allCases {
            let seen = Mutex<RequestOrigin?>(nil)
            try await wire.run {
                try await RunningServer.with(
                    answers: ScriptedAnswers { request in
                        seen.withLock { $0 = request.origin }
                        return FeedResponse(200)
                    }
                ) { port in
                    try await RawClient.connect(port) { client in
                        try await client.send("GET / HTTP/1.1\r\nHost: Example.org:81\r\n\r\n")
                        #expect(try await client.response().status == 200)
                    }
                    let origin = try #require(seen.withLock { $0 })
                    #expect(origin.isSecure == (wire == .tls))
                    #expect(origin.scheme == (wire == .tls ? "https" : "http"))
                    #expect(origin.host == "Example.org:81")
                    #expect(origin.authority == "Example.org:81")
                    #expect(origin.localAddress == "127.0.0.1")
                    #expect(origin.localPort == port)
                }
            }
        }
    }

    @Test func `has an address that says so`() {
        let address = ListeningAddress(host: "::1", port: 2113, isSecure: true)
        #expect(address.url == "https://[::1]:2113/")
        #expect(RequestOrigin(localAddress: "::1", localPort: 80).authority == "[::1]:80")
    }
}

@Suite(.timeLimit(.minutes(1)), .enabled(if: TestAuthority.isInstalled, isMissing))
struct `A certificate and a key` {
    @Test(
        arguments: [
            ("certificate", "key", nil), ("key", "key", .certificateUnreadable),
            ("nothing", "key", .certificateUnreadable), ("certificate", "nothing", .keyUnreadable),
            ("certificate", "certificate", .keyUnreadable),
            ("certificate", "encrypted", .keyEncrypted), ("certificate", "other", .keyOfAnother),
        ] as [(String, String, InvalidTLSIdentity?)]
    )
    func `are checked`(certificate: String, key: String, error: InvalidTLSIdentity?) async throws {
        try await withTemporaryDirectory { folder in
            let authority = try await TestAuthority.make(in: folder)
            let server = try await authority.issue()
            let files = [
                "certificate": server.certificate, "key": server.key,
                "encrypted": try await authority.encrypt(server.key),
                "other": try await authority.issue("other").key,
            ]
            func bytes(_ name: String) throws -> [UInt8] {
                try files[name].map { try Wire.bytes(of: $0) } ?? []
            }
            var thrown: InvalidTLSIdentity?
            do throws(InvalidTLSIdentity) {
                let (chain, key) = (try? bytes(certificate), try? bytes(key))
                _ = try TLSIdentity(certificateChain: chain ?? [], privateKey: key ?? [])
            } catch {
                thrown = error
            }
            #expect(thrown == error)
        }
    }
}

/// What was logged.
final class Lines: Sendable {
    private let lines = Mutex<[(level: Logger.Level, text: String)]>([])

    var all: [(level: Logger.Level, text: String)] { lines.withLock { $0 } }

    /// A logger that keeps its lines here.
    func logger(_ level: Logger.Level) -> Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self) }
        logger.logLevel = level
        return logger
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.lines.withLock { $0.append((event.level, "\(event.message)")) }
        }
    }
}
