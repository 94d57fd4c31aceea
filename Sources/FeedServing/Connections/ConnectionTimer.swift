import NIOCore

/// What a connection waits for, and until when: decisions without a clock or a socket.
///
/// A client is only ever hurried for what it owes: the rest of a head, the next bytes of a body,
/// to take an answer, to go. While a request is being answered nothing is owed.
struct ConnectionTimer {
    /// What to do when the time is over.
    enum Verdict: Hashable {
        /// Close without a word.
        case close
        /// Answer 408 and close.
        case refuse(seconds: Int)
        /// Close and drop what was not sent.
        case abort
    }

    private enum Reading {
        case idle(since: NIODeadline, limit: Duration)
        case head(since: NIODeadline)
        case body(since: NIODeadline, bytes: Int)
    }

    private let limits: ServerLimits
    private var reading: Reading
    /// Requests whose head arrived and whose answer has not ended.
    private(set) var unanswered = 0
    private var writes = 0
    private var lastWrite = NIODeadline.uptimeNanoseconds(0)
    private var isLastAnswer = false
    private var isStopping = false

    init(limits: ServerLimits, now: NIODeadline) {
        self.limits = limits
        reading = .idle(since: now, limit: limits.headTime)
    }

    mutating func headBegan(at now: NIODeadline) {
        reading = .head(since: now)
    }

    mutating func headEnded(hasBody: Bool, at now: NIODeadline) {
        unanswered += 1
        reading = hasBody ? .body(since: now, bytes: 0) : .idle(since: now, limit: limits.idleTime)
    }

    mutating func bodyArrived(bytes: Int) {
        if case .body(let since, let before) = reading {
            reading = .body(since: since, bytes: before + bytes)
        }
    }

    mutating func bodyEnded(at now: NIODeadline) {
        if case .body = reading { reading = .idle(since: now, limit: limits.idleTime) }
    }

    mutating func writeBegan(at now: NIODeadline) {
        if writes == 0 { lastWrite = now }
        writes += 1
    }

    mutating func writeEnded(at now: NIODeadline) {
        writes -= 1
        lastWrite = now
    }

    /// The server stops: whoever waits for an answer still gets it, nobody else is waited for.
    mutating func stop() {
        isStopping = true
    }

    /// Whether something was handed over to be written and is not written yet.
    var isWriting: Bool { writes > 0 }

    /// Whether a body has begun and not ended.
    var isReadingBody: Bool {
        if case .body = reading { true } else { false }
    }

    /// An answer was handed over to be written.
    ///
    /// - Parameters:
    ///   - isLast: Whether the connection closes after it.
    ///   - now: The time.
    mutating func answered(isLast: Bool, at now: NIODeadline) {
        unanswered = max(0, unanswered - 1)
        isLastAnswer = isLastAnswer || isLast
        switch reading {
        case .idle: reading = .idle(since: now, limit: limits.idleTime)
        case .head: reading = .head(since: now)
        case .body: reading = .body(since: now, bytes: 0)
        }
    }

    /// When the client must have done what it owes, and what happens else; nil if it owes nothing.
    var deadline: (at: NIODeadline, verdict: Verdict)? {
        if writes > 0 { return (lastWrite + TimeAmount(limits.writeStall), .abort) }
        if isLastAnswer { return (lastWrite + TimeAmount(lingerTime), .abort) }
        if isStopping, unanswered == 0 { return (lastWrite, .close) }
        switch reading {
        case .idle(let since, let limit):
            return unanswered == 0 ? (since + TimeAmount(limit), .close) : nil
        case .head(let since):
            guard unanswered == 0 else { return nil }
            return (since + TimeAmount(limits.headTime), refusal(limits.headTime))
        case .body(let since, let bytes):
            // Behind a request that is being answered, nobody reads the body.
            guard unanswered <= 1 else { return nil }
            let time = limits.bodyTime + .seconds(bytes / max(1, limits.bodyBytesPerSecond))
            return (since + TimeAmount(time), refusal(time))
        }
    }

    /// The time a client has to take the last answer and close.
    private var lingerTime: Duration {
        isStopping ? min(limits.lingerTime, limits.stopLingerTime) : limits.lingerTime
    }

    private func refusal(_ time: Duration) -> Verdict {
        .refuse(seconds: Int(time.components.seconds))
    }
}
