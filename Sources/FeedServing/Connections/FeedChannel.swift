import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL

/// How a connection is set up and served; the server around it is Hummingbird's.
struct FeedChannel: ServerChildChannel {
    /// A connection and what its handlers tell its task.
    struct Value: ServerChildChannelValue {
        let parts: NIOAsyncChannel<RequestPart, HTTPServerResponsePart>
        let inputClosed: Latch

        var channel: any Channel { parts.channel }
    }

    let responder: any RequestResponder
    let limits: ServerLimits
    let table: ConnectionTable
    /// What connections are encrypted with; nil where they are not.
    let tls: NIOSSLContext?
    /// For one line a request, at `debug`.
    let logger: Logger
    let date = DateField()

    /// Puts the handlers into a new connection.
    ///
    /// - Parameters:
    ///   - channel: The connection.
    ///   - logger: Hummingbird's; not used.
    /// - Returns: What ``handle(value:logger:)`` takes.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let inputClosed = Latch()
            let handler = ConnectionHandler(limits: limits, table: table, inputClosed: inputClosed)
            let pipeline = channel.pipeline.syncOperations
            // The deadlines of a connection hold for its handshake, too: it must be over, and a
            // head begun, within the time for a head.
            if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
            try pipeline.addHandlers([
                HTTPResponseEncoder(configuration: encoding),
                handler.makeGuard(limits: limits),
                ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoderLimits)),
                handler,
            ])
            let parts = try NIOAsyncChannel<RequestPart, HTTPServerResponsePart>(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
            // A connection that is taken while the server begins to stop may never be handled, and
            // its writer must not go before it is closed: NIO ends the process over that.
            channel.closeFuture.whenComplete { _ in withExtendedLifetime(parts) {} }
            return Value(parts: parts, inputClosed: inputClosed)
        }
    }

    /// Serves a connection until it is closed.
    ///
    /// - Parameters:
    ///   - value: The connection.
    ///   - logger: Hummingbird's; not used.
    func handle(value: Value, logger: Logger) async {
        let connection = Connection(
            channel: value.channel,
            responder: responder,
            limits: limits,
            inputClosed: value.inputClosed,
            origin: RequestOrigin(
                isSecure: tls != nil,
                localAddress: value.channel.localAddress?.ipAddress,
                localPort: value.channel.localAddress?.port
            ),
            date: date,
            logger: self.logger
        )
        let channel = value.channel
        do {
            try await withTaskCancellationHandler {
                try await value.parts.executeThenClose { inbound, outbound in
                    try await connection.run(inbound, outbound)
                }
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch NIOSSLError.handshakeFailed(let reason) {
            self.logger.debug("handshake failed", metadata: ["error": "\(reason)"])
        } catch {
            // A client that goes away in the middle is everyday life.
            self.logger.trace("connection ended", metadata: ["error": "\(error)"])
        }
    }

    /// The connection frames its answers: the encoder would take a 204 or 304 with a phrase of its
    /// own for an answer that has a body, and add an empty one.
    private var encoding: HTTPResponseEncoder.Configuration {
        var configuration = HTTPResponseEncoder.Configuration()
        configuration.automaticallySetFramingHeaders = false
        return configuration
    }

    /// The parser's own limits, never lower than those that were checked before it.
    private var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var configuration = NIOHTTPDecoderLimitConfiguration()
        configuration.maxHeaderFieldSize = max(limits.targetBytes, limits.fieldBytes)
        configuration.maxHeaderListSize = limits.targetBytes + limits.fieldBytes
        configuration.maxHeaderFieldCount = limits.fieldCount
        return configuration
    }
}
