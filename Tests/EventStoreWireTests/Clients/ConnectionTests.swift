import NIOCore
import NIOPosix
import Testing

/// Connections as old clients of the product use them.
struct ConnectionTests {
    private static let event = """
        [{"eventId":"6c1d2c0e-6a0c-4f0e-9a7e-0123456789ab","eventType":"told","data":{"a":1}}]
        """

    /// Sends pieces on one connection, each after the answer to the one before has begun, and
    /// returns all that came back.
    private func conversation(_ port: Int, _ pieces: [String]) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var pieces = pieces[...]
            var answers = ""
            if let first = pieces.popFirst() {
                try await outbound.write(ByteBuffer(string: first))
            }
            for try await buffer in inbound {
                answers += String(buffer: buffer)
                guard let next = pieces.popFirst() else { continue }
                try await outbound.write(ByteBuffer(string: next))
            }
            return answers
        }
    }

    private func header(_ lines: String...) -> String {
        (["POST /streams/s HTTP/1.1", "Host: x", "Content-Type: \(WireType.eventsJSON)"] + lines)
            .joined(separator: "\r\n") + "\r\n\r\n"
    }

    private func withPort(_ body: @Sendable (Int) async throws -> Void) async throws {
        try await Way.socket.withTransport { transport in
            let port = try #require(Int(transport.origin.split(separator: ":").last ?? ""))
            try await body(port)
        }
    }

    @Test func `a body is sent once it is asked for`() async throws {
        try await withPort { port in
            let answers = try await conversation(
                port,
                [
                    header(
                        "Content-Length: \(Self.event.utf8.count)",
                        "Expect: 100-continue",
                        "Connection: close"
                    ),
                    Self.event,
                ]
            )
            #expect(answers.hasPrefix("HTTP/1.1 100 Continue\r\n"))
            #expect(answers.contains("HTTP/1.1 201 Created\r\n"))
        }
    }

    @Test func `a body may come in pieces of unknown number`() async throws {
        try await withPort { port in
            let half = Self.event.utf8.count / 2
            let pieces = [String(Self.event.prefix(half)), String(Self.event.dropFirst(half))]
            let body = pieces.map {
                String($0.utf8.count, radix: 16) + "\r\n\($0)\r\n"
            }
            let answers = try await conversation(
                port,
                [
                    header("Transfer-Encoding: chunked", "Connection: close") + body.joined()
                        + "0\r\n\r\n"
                ]
            )
            #expect(answers.hasPrefix("HTTP/1.1 201 Created\r\n"))
        }
    }

    @Test func `a refusal does not end the connection`() async throws {
        try await withPort { port in
            let length = "Content-Length: \(Self.event.utf8.count)"
            let answers = try await conversation(
                port,
                [
                    header(length, "ES-ExpectedVersion: 5") + Self.event,
                    header(length) + Self.event,
                    "GET /streams/s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                ]
            )
            let lines = answers.split(separator: "\r\n").filter { $0.hasPrefix("HTTP/1.1") }
            #expect(
                lines == [
                    "HTTP/1.1 400 Wrong expected EventNumber", "HTTP/1.1 201 Created",
                    "HTTP/1.1 406 We are unable to represent the stream in the format requested.",
                ]
            )
        }
    }
}
