import NIOCore
import NIOPosix

/// A server behind a socket: each request has a connection of its own, and the answer is what was
/// read until the server closed it.
struct SocketTransport: Transport {
    /// The port on the loopback interface.
    let port: Int
    let hasConnection = true

    var origin: String { "http://127.0.0.1:\(port)" }

    func answer(to request: PlainRequest) async throws -> PlainAnswer {
        let bytes = try await exchange(serialized(request))
        return try PlainAnswer(bytes)
    }

    /// The bytes of a request, after whose answer the connection is to be closed.
    private func serialized(_ request: PlainRequest) -> [UInt8] {
        var lines = ["\(request.method) \(request.target) HTTP/1.1"]
        if request["Host"] == nil { lines.append("Host: 127.0.0.1:\(port)") }
        lines += request.fields.map { "\($0.name): \($0.value)" }
        if request.method == "POST" || request.method == "PUT" || !request.body.isEmpty {
            lines.append("Content-Length: \(request.body.count)")
        }
        lines.append("Connection: close")
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + request.body
    }

    private func exchange(_ request: [UInt8]) async throws -> [UInt8] {
        // Half a close is no close: the server ends first, maybe while the request is still on its
        // way out here.
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
            try await outbound.write(ByteBuffer(bytes: request))
            var answer: [UInt8] = []
            for try await buffer in inbound { answer += buffer.readableBytesView }
            return answer
        }
    }
}
