import FoundationEssentials
import HTTPTypes
import EventTesting
import Logging
import Testing

@testable import FeedReading

@Suite(.timeLimit(.minutes(1)))
struct `A meter before a transport` {
    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\nhello",
        "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n",
    ])
    func `counts what goes over the connection, to the byte`(answer: String) async throws {
        try await ScriptedServer.run(answering: { _ in [.send(Array(answer.utf8))] }) { server in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            try await AsyncHTTPTransport.withTransport(logger: logger) { transport in
                let meter = MeteredTransport(transport)
                let request = HTTPExchangeRequest(
                    method: .get,
                    address: try #require(URL(string: "\(server.address)/feed.atom?after=7")),
                    fields: [.ifNoneMatch: "\"a\""],
                    bodyLimit: 100
                )

                _ = try await meter.send(request)

                let sent = try #require(server.requests.first)
                let bytes =
                    "\(sent.method) \(sent.target) HTTP/1.1\r\n\r\n".utf8.count
                    + sent.fields.reduce(0) { $0 + "\($1.name): \($1.value)\r\n".utf8.count }
                let traffic = meter.take()
                #expect(traffic.requests == 1 && traffic.bytesSent == bytes)
                #expect(traffic.bytesReceived == answer.utf8.count)
                #expect(traffic.bytes == bytes + answer.utf8.count)
                #expect(meter.take() == MeteredTransport.Traffic())
            }
        }
    }
}
