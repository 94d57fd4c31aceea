import NIOCore
import NIOPosix
import NIOSSL

/// A connection that sends what it is told, right or wrong, and reads answers.
final class RawClient {
    typealias Channel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let channel: any NIOCore.Channel
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var buffer = ByteBuffer()

    private init(
        _ channel: any NIOCore.Channel,
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Connects for the length of a closure, over TLS where ``Wire/ends`` says so.
    static func connect<Result: Sendable>(
        _ port: Int,
        readsNothing: Bool = false,
        _ body: (RawClient) async throws -> Result
    ) async throws -> Result {
        // The closure below runs on an event loop, which knows nothing of the task.
        let tls = Wire.ends?.client
        // A handshake must be read; what comes after it waits until somebody wants it.
        let isDeaf = readsNothing && tls == nil
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .channelOption(ChannelOptions.autoRead, value: !isDeaf)
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let tls {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: tls, serverHostname: nil)
                    )
                }
                return try Channel(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(isOutboundHalfClosureEnabled: true)
                )
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(RawClient(channel.channel, inbound, outbound))
        }
    }

    /// Sends text as it stands.
    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Sends bytes as they are.
    func send(bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Sends nothing more.
    func finish() {
        outbound.finish()
    }

    /// Ends the sending side of TCP without a word of TLS about it.
    func breakOff() async throws {
        try await channel.eventLoop.submit { [channel] in
            try channel.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
                .close(mode: .output, promise: nil)
        }.get()
    }

    /// Reads an answer; that to HEAD has no body.
    func response(isHead: Bool = false) async throws -> RawResponse {
        var head: [String] = []
        while let line = try await line(), !line.isEmpty { head.append(line) }
        guard let first = head.first, let status = Int(first.dropFirst(9).prefix(3)) else {
            throw RawResponse.Missing()
        }
        var response = RawResponse(status: status)
        response.statusLine = first
        for field in head.dropFirst() {
            guard let colon = field.firstIndex(of: ":") else { continue }
            let value = field[field.index(after: colon)...].drop { $0 == " " }
            response.fields.append((field[..<colon].lowercased(), String(value)))
        }
        let length =
            isHead || status == 204 || status == 304
            ? 0 : Int(response["content-length"] ?? "0") ?? 0
        while buffer.readableBytes < length {
            guard try await fill() else { throw RawResponse.Missing() }
        }
        response.body = buffer.readBytes(length: length) ?? []
        return response
    }

    /// Waits until the server has closed; false if it sends something instead.
    func isClosed() async throws -> Bool {
        do {
            while buffer.readableBytes == 0 {
                if try await !fill() { return true }
            }
            return false
        } catch is IOError {
            // A reset is an end, too.
            return true
        } catch NIOSSLError.uncleanShutdown {
            // It is this side that said nothing of its end.
            return true
        }
    }

    private func line() async throws -> String? {
        while true {
            if let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer.readString(length: end - buffer.readerIndex + 1) ?? ""
                return line.replacing("\r\n", with: "")
            }
            guard try await fill() else { return nil }
        }
    }

    private func fill() async throws -> Bool {
        guard var more = try await inbound.next(isolation: #isolation) else { return false }
        buffer.writeBuffer(&more)
        return true
    }
}

/// An answer as it came.
struct RawResponse: Sendable {
    /// The connection ended before an answer was whole.
    struct Missing: Error {}

    var status: Int
    /// The first line, without its end.
    var statusLine = ""
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []

    init(status: Int) {
        self.status = status
    }

    /// The first field with a name in lower case.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}
