import NIOCore

/// Lets nothing reach the HTTP parser but heads that passed ``RequestHeadCheck`` and the bodies
/// that belong to them.
///
/// A head is collected (up to the limits), checked and passed on in one piece, so that an endless
/// head costs no more than its limit. Bodies pass as they come: by count where there is a
/// `Content-Length`, else line by line, because the end of a chunked body is the end of a line,
/// and what follows it is a head again.
final class RequestGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum State {
        /// Collecting a head, or waiting for one.
        case head
        /// In a body with so many bytes to come.
        case body(remaining: Int)
        /// In a chunked body; `raw` bytes passed, framing included.
        case chunked(raw: Int)
        /// What comes is thrown away.
        case refused
    }

    private let limits: ServerLimits
    private let connection: ConnectionHandler
    private var state = State.head
    private var head: [UInt8] = []
    private var requestLineBytes: Int?
    private var lineStart = 0

    init(limits: ServerLimits, connection: ConnectionHandler) {
        self.limits = limits
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        while buffer.readableBytes > 0 {
            switch state {
            case .refused:
                return
            case .head:
                do throws(Refusal) {
                    guard let checked = try collect(&buffer) else { return }
                    pass(checked, context: context)
                } catch {
                    state = .refused
                    connection.refuse(error)
                }
            case .body(let remaining):
                let count = min(remaining, buffer.readableBytes)
                guard let slice = buffer.readSlice(length: count) else { return }
                state = remaining == count ? .head : .body(remaining: remaining - count)
                context.fireChannelRead(wrapInboundOut(slice))
            case .chunked(let raw):
                passLine(&buffer, raw: raw, context: context)
            }
        }
    }

    /// The request that the parser is in has ended.
    func requestEnded() {
        if case .chunked = state { state = .head }
    }

    /// Throws everything away from now on.
    func stop() {
        state = .refused
    }

    private func pass(_ checked: CheckedHead, context: ChannelHandlerContext) {
        switch checked.framing {
        case .none: state = .head
        case .length(let length): state = .body(remaining: length)
        case .chunked: state = .chunked(raw: 0)
        }
        connection.headEnded(
            hasBody: checked.framing != .none,
            fieldsAreUTF8: String(validating: head, as: UTF8.self) != nil
        )
        head.removeAll(keepingCapacity: true)
        requestLineBytes = nil
        lineStart = 0
        context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: checked.bytes)))
    }

    private func passLine(
        _ buffer: inout ByteBuffer,
        raw: Int,
        context: ChannelHandlerContext
    ) {
        let end = buffer.readableBytesView.firstIndex(of: RequestHeadCheck.lineFeed)
        let count = end.map { $0 - buffer.readerIndex + 1 } ?? buffer.readableBytes
        guard let slice = buffer.readSlice(length: count) else { return }
        state = .chunked(raw: raw + count)
        context.fireChannelRead(wrapInboundOut(slice))
        // Chunk extensions and trailers are read over; chunks of one byte are allowed six times
        // their size. Beyond that somebody sends framing for its own sake.
        if case .chunked = state, raw + count > limits.fieldBytes + 8 * connection.bodyBytes {
            state = .refused
            connection.refuse(.malformed("the framing of the chunks is longer than the body"))
        }
    }

    /// Takes bytes up to the end of a head; nil if that is still to come.
    private func collect(_ buffer: inout ByteBuffer) throws(Refusal) -> CheckedHead? {
        while buffer.readableBytes > 0 {
            let end = buffer.readableBytesView.firstIndex(of: RequestHeadCheck.lineFeed)
            let count = end.map { $0 - buffer.readerIndex + 1 } ?? buffer.readableBytes
            guard let bytes = buffer.readBytes(length: count) else { return nil }
            if head.isEmpty {
                // Empty lines before a request are ignored (RFC 9112 section 2.2).
                if bytes == [RequestHeadCheck.carriageReturn, RequestHeadCheck.lineFeed] {
                    continue
                }
                connection.headBegan()
            }
            head += bytes
            try checkSize()
            guard end != nil else { return nil }
            if try endLine() { return try RequestHeadCheck.check(head, limits: limits) }
        }
        return nil
    }

    /// Notes the end of a line; true if it was the empty one.
    private func endLine() throws(Refusal) -> Bool {
        let line = head[lineStart...]
        let isEmpty = line.count == 2 && line.first == RequestHeadCheck.carriageReturn
        if requestLineBytes == nil {
            // A line that is none, such as the start of a TLS handshake, is refused at once.
            requestLineBytes = line.count
        }
        guard line.count > 1 else { throw .malformed("a line of the head does not end with CR LF") }
        lineStart = head.count
        return isEmpty
    }

    private func checkSize() throws(Refusal) {
        guard let first = head.first, RequestHeadCheck.isTokenByte(first) || first == 0x0D else {
            throw .malformed("the request does not begin with a method")
        }
        // A method and the version go with the target.
        guard let requestLineBytes else {
            guard head.count <= limits.targetBytes + 64 else {
                throw .targetTooLong(limit: limits.targetBytes)
            }
            return
        }
        guard head.count - requestLineBytes <= limits.fieldBytes else {
            throw .fieldsTooLarge(limit: limits.fieldBytes)
        }
    }
}
