import NIOCore
import NIOPosix
import Synchronization

/// A server of a few lines that answers exactly as a test says, however wrong that is.
///
/// It listens on a free port of 127.0.0.1 for the length of a closure and knows nothing of HTTP but
/// where a request ends. ``FaultyFeed`` is made from it.
public struct ScriptedServer: Sendable {
    /// A request as it came.
    public struct Request: Sendable {
        /// The method.
        public var method: String
        /// The target: path and query, with their escapes.
        public var target: String
        /// The header fields in their order.
        public var fields: [(name: String, value: String)]
        /// The body.
        public var body: [UInt8]

        /// The value of the first field with this name, in any case.
        public subscript(name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// What happens next on the connection.
    public enum Step: Hashable, Sendable {
        /// These bytes go out.
        case send([UInt8])
        /// These bytes go out many times.
        case flood([UInt8], times: Int)
        /// These bytes go out one at a time, with a pause before each.
        case drip([UInt8], every: Duration)
        /// Nothing more happens until the client closes.
        case stall
        /// The connection is closed.
        case close
    }

    /// What a request is answered with.
    public typealias Script = @Sendable (Request) async -> [Step]

    /// Where it listens, such as `http://127.0.0.1:4711`.
    public let address: String
    private let log: Log

    /// The requests so far, in order of their arrival.
    public var requests: [Request] { log.requests.withLock { $0 } }
    /// The targets of the requests so far.
    public var targets: [String] { requests.map(\.target) }
    /// Connections accepted so far.
    public var connectionCount: Int { log.connections.withLock { $0 } }
    /// Bytes that went out so far, all connections together.
    ///
    /// What the operating system still holds for a client that reads no more counts too: some
    /// megabytes for each connection.
    public var sentByteCount: Int { log.sentBytes.withLock { $0 } }

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
        let connections = Mutex(0)
        let sentBytes = Mutex(0)
    }

    /// Runs `body` beside a server that answers by `script`, and ends the server afterwards.
    ///
    /// - Parameters:
    ///   - script: What each request is answered with; requests of one connection come in turn.
    ///   - body: What to do meanwhile.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; an error of the operating system if there is no port.
    @discardableResult
    public static func run<Result: Sendable>(
        answering script: @escaping Script,
        _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            // Nothing is read before somebody is there to take it, see `serve`.
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeSucceededFuture(channel)
            }
        let log = Log()
        let port = channel.channel.localAddress?.port ?? 0
        let server = ScriptedServer(address: "http://127.0.0.1:\(port)", log: log)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // However listening ends, the test goes on by what the client sees.
                try? await channel.executeThenClose { connections in
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await connection in connections {
                            log.connections.withLock { $0 += 1 }
                            // A connection that breaks is what many tests are about.
                            group.addTask { try? await serve(connection, script, log) }
                        }
                    }
                }
            }
            defer { group.cancelAll() }
            return try await body(server)
        }
    }

    /// Answers on one connection.
    ///
    /// It is wrapped here and not where it is accepted: one that is accepted while the server
    /// stops is never served, and a wrapped channel must be.
    private static func serve(_ channel: any Channel, _ script: Script, _ log: Log) async throws {
        let connection = try await channel.eventLoop.submit {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }.get()
        try await connection.executeThenClose { inbound, outbound in
            try await channel.setOption(.autoRead, value: true).get()
            var reader = RequestReader()
            var pieces = inbound.makeAsyncIterator()
            while let piece = try await pieces.next() {
                reader.append(piece.readableBytesView)
                while let request = reader.next() {
                    log.requests.withLock { $0.append(request) }
                    for step in await script(request) {
                        switch step {
                        case .stall:
                            while try await pieces.next() != nil {}
                            return
                        case .close:
                            return
                        case .send, .flood, .drip:
                            try await write(step, to: outbound, log)
                        }
                    }
                }
            }
        }
    }

    /// Sends what a step has to send, no more at a time than the client takes.
    private static func write(
        _ step: Step,
        to outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        _ log: Log
    ) async throws {
        func send(_ bytes: [UInt8]) async throws {
            try await outbound.write(ByteBuffer(bytes: bytes))
            log.sentBytes.withLock { $0 += bytes.count }
        }
        switch step {
        case .send(let bytes):
            try await send(bytes)
        case .flood(let bytes, let times):
            for _ in 0..<times { try await send(bytes) }
        case .drip(let bytes, let pause):
            for byte in bytes {
                try await Task.sleep(for: pause)
                try await send([byte])
            }
        case .stall, .close:
            break
        }
    }
}

/// Cuts requests out of the bytes of a connection.
private struct RequestReader {
    private var bytes: [UInt8] = []

    mutating func append(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    mutating func next() -> ScriptedServer.Request? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        // "\r\n" is one Character, hence the split by bytes.
        let lines = head.utf8.split(separator: UInt8(ascii: "\r"))
            .map { String(decoding: $0.drop { $0 == 10 }, as: UTF8.self) }
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        let fields = lines.dropFirst().map { line -> (name: String, value: String) in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            let value = line[colon...].dropFirst().drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
        let length =
            fields.first { $0.name.lowercased() == "content-length" }
            .flatMap { Int($0.value) } ?? 0
        guard bytes.count >= end.upperBound + length else { return nil }
        let body = Array(bytes[end.upperBound..<(end.upperBound + length)])
        bytes.removeFirst(end.upperBound + length)
        return ScriptedServer.Request(
            method: words.first ?? "",
            target: words.count > 1 ? words[1] : "",
            fields: Array(fields),
            body: body
        )
    }
}

extension ScriptedServer.Step {
    /// A whole, correct answer.
    ///
    /// - Parameters:
    ///   - status: The status, of three digits.
    ///   - fields: Header fields as whole lines, besides `Content-Length`.
    ///   - body: The body.
    /// - Returns: The step that sends it.
    public static func answer(
        _ status: Int,
        _ fields: [String] = [],
        _ body: [UInt8] = []
    ) -> ScriptedServer.Step {
        var head = "HTTP/1.1 \(status) Some Reason\r\n"
        for field in fields { head += field + "\r\n" }
        // RFC 9110 section 8.6: neither has a body, whatever a length would say.
        if status != 304, status != 204 { head += "Content-Length: \(body.count)\r\n" }
        return .send(Array((head + "\r\n").utf8) + body)
    }

    /// A whole, correct answer with text.
    ///
    /// - Parameters:
    ///   - status: The status, of three digits.
    ///   - fields: Header fields as whole lines, besides `Content-Length`.
    ///   - text: The body.
    /// - Returns: The step that sends it.
    public static func answer(
        _ status: Int,
        _ fields: [String] = [],
        text: String
    ) -> ScriptedServer.Step {
        answer(status, fields, Array(text.utf8))
    }

    /// Bytes of text as they are.
    ///
    /// - Parameter text: The text, line ends included.
    /// - Returns: The step that sends it.
    public static func text(_ text: String) -> ScriptedServer.Step { .send(Array(text.utf8)) }
}
