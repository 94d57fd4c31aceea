import NIOCore
import NIOHTTP1
import NIOSSL

/// The last handler before a connection's task: turns everything that can happen into parts, in
/// order, and keeps the connection's deadlines.
///
/// All of it runs on the connection's event loop.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = RequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let table: ConnectionTable
    private let inputClosed: Latch
    private var timer: ConnectionTimer
    private var requestGuard: RequestGuard?
    private var context: ChannelHandlerContext?
    private var scheduled: Scheduled<Void>?
    private var scheduledFor: NIODeadline?
    /// Bytes of the body that were not passed on yet: chunks come in crumbs.
    private var pending: ByteBuffer?
    private var fieldsAreUTF8 = true
    private var isRefused = false
    private var isLastAnswer = false
    /// Told when the sending side is closed, which waits for what is still to be written.
    private var closing: EventLoopPromise<Void>?
    /// Bytes of body in the request that is being read.
    private(set) var bodyBytes = 0

    init(limits: ServerLimits, table: ConnectionTable, inputClosed: Latch) {
        self.table = table
        self.inputClosed = inputClosed
        timer = ConnectionTimer(limits: limits, now: .now())
    }

    /// Makes the handler that stands before the HTTP parser and works with this one.
    func makeGuard(limits: ServerLimits) -> RequestGuard {
        let made = RequestGuard(limits: limits, connection: self)
        requestGuard = made
        return made
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        schedule(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        scheduled?.cancel()
        scheduled = nil
        requestGuard = nil
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        switch table.open(context.channel, at: .now()) {
        case .admitted: break
        case .refused: refuse(.tooManyConnections)
        case .dropped: context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        scheduled?.cancel()
        closing?.fail(ChannelError.ioOnClosedChannel)
        closing = nil
        table.close(context.channel)
        inputClosed.open()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            inputClosed.open()
            passPending(context)
        case is ChannelShouldQuiesceEvent:
            timer.stop()
            // What has arrived whole is answered; the rest would keep the server waiting.
            if timer.isReadingBody { refuse(.stopping) }
            schedule(context)
        default:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }
}

// Reading.
extension ConnectionHandler {
    /// The first byte of a head arrived.
    func headBegan() {
        timer.headBegan(at: .now())
        if let context { schedule(context) }
    }

    /// A head arrived whole.
    func headEnded(hasBody: Bool, fieldsAreUTF8: Bool) {
        guard let context else { return }
        timer.headEnded(hasBody: hasBody, at: .now())
        table.mark(context.channel, idleSince: nil)
        self.fieldsAreUTF8 = fieldsAreUTF8
        bodyBytes = 0
        schedule(context)
    }

    /// Ends the reading of requests with a refusal.
    func refuse(_ refusal: Refusal) {
        guard let context, !isRefused else { return }
        passPending(context)
        isRefused = true
        requestGuard?.stop()
        context.fireChannelRead(wrapInboundOut(.refused(refusal)))
        context.fireChannelReadComplete()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            context.fireChannelRead(wrapInboundOut(.head(head, fieldsAreUTF8: fieldsAreUTF8)))
        case .body(var buffer):
            bodyBytes += buffer.readableBytes
            timer.bodyArrived(bytes: buffer.readableBytes)
            if pending == nil {
                pending = buffer
            } else {
                pending?.writeBuffer(&buffer)
            }
        case .end:
            passPending(context)
            timer.bodyEnded(at: .now())
            requestGuard?.requestEnded()
            context.fireChannelRead(wrapInboundOut(.end))
            schedule(context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        passPending(context)
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.invalidEOFState:
            refuse(.malformed("the request ended before it was whole"))
        case let error as HTTPParserError:
            refuse(.malformed("the request cannot be read (\(error))"))
        case NIOSSLError.uncleanShutdown:
            // The client ended its side without saying so in TLS. Whether a request was cut off,
            // its own framing tells.
            break
        default:
            context.fireErrorCaught(error)
        }
    }

    private func passPending(_ context: ChannelHandlerContext) {
        guard let buffer = pending else { return }
        pending = nil
        if !isRefused { context.fireChannelRead(wrapInboundOut(.body(buffer))) }
    }
}

// Writing.
extension ConnectionHandler {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        switch part {
        case .head(let head) where head.status.code >= 200:
            isLastAnswer = head.headers["connection"].contains("close")
        case .end:
            timer.answered(isLast: isLastAnswer, at: .now())
            if timer.unanswered == 0 { table.mark(context.channel, idleSince: .now()) }
        case .head, .body:
            break
        }
        timer.writeBegan(at: .now())
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { [self] _ in
            timer.writeEnded(at: .now())
            guard self.context != nil else { return }
            schedule(context)
            if let closing, !timer.isWriting {
                self.closing = nil
                context.close(mode: .output, promise: closing)
            }
        }
        context.write(wrapOutboundOut(part), promise: written)
        schedule(context)
    }

    /// Closes the sending side once everything is written.
    ///
    /// In TLS that ends the whole connection where the client has ended its side already, and what
    /// was not handed to the operating system by then would be lost.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output, timer.isWriting, closing == nil else {
            return context.close(mode: mode, promise: promise)
        }
        closing = promise ?? context.eventLoop.makePromise()
    }
}

// Deadlines.
extension ConnectionHandler {
    /// Sees to it that somebody looks when the next deadline is over.
    ///
    /// The timer is moved only if it would come too late; one that comes too early looks and is
    /// set again, so that a busy connection does not set a timer for every part.
    private func schedule(_ context: ChannelHandlerContext) {
        guard let deadline = timer.deadline?.at else { return }
        if let scheduledFor, scheduledFor <= deadline { return }
        scheduled?.cancel()
        scheduledFor = deadline
        scheduled = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            scheduledFor = nil
            expire()
        }
    }

    private func expire() {
        guard let context, let (deadline, verdict) = timer.deadline else { return }
        guard deadline <= .now() else { return schedule(context) }
        switch verdict {
        case .close, .abort:
            context.close(promise: nil)
        case .refuse(let seconds):
            refuse(.tooSlow(seconds: seconds))
        }
    }
}
