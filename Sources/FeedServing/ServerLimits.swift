/// What a server takes from its clients, and how long it waits for them.
///
/// Limits on events, appends and answers are `WireLimits`; these are the ones of HTTP
/// and of the process.
public struct ServerLimits: Hashable, Sendable {
    /// Connections at the same time; 4,096.
    ///
    /// A connection beyond that takes the place of the one that has been without a request for
    /// the longest time, or is answered 503 where all others are busy. The operating system's
    /// limit on open files wins where it is lower.
    public var connections = 4_096
    /// Bytes in a request target; 16 KiB, beyond it 414.
    public var targetBytes = 16 << 10
    /// Bytes in the head of a request, the target aside; 32 KiB, beyond it 431.
    public var fieldBytes = 32 << 10
    /// Fields in a request; 128, beyond it 431.
    public var fieldCount = 128
    /// Bytes of rendered documents kept for the next who asks; 32 MiB.
    public var cacheBytes = 32 << 20
    /// Bytes of rendered documents on their way to clients that are not kept, beyond which no other
    /// is rendered; 32 MiB.
    public var documentBytes = 32 << 20
    /// Documents that are rendered at the same time; 2, others wait in order.
    public var renderings = 2
    /// For a rendering to begin; 10 s, then 503.
    public var renderingWait = Duration.seconds(10)
    /// Requests that wait for an event at the same time; 2,048, beyond it the answer comes at
    /// once.
    public var heldRequests = 2_048
    /// Bytes that are handed to the operating system at a time; 64 KiB.
    ///
    /// A client must take as much within ``writeStall``.
    public var writeBytes = 64 << 10

    /// From the first byte of a request, or of a connection with its handshake, to the end of the
    /// head; 10 s.
    public var headTime = Duration.seconds(10)
    /// For a body, and one second more for every ``bodyBytesPerSecond``; 20 s.
    public var bodyTime = Duration.seconds(20)
    /// The slowest a body may come beyond ``bodyTime``; 16 KiB a second.
    public var bodyBytesPerSecond = 16 << 10
    /// Without a request on a connection that had one; 75 s.
    public var idleTime = Duration.seconds(75)
    /// For a client to take ``writeBytes`` of an answer; 30 s.
    public var writeStall = Duration.seconds(30)
    /// For a client to close after the last answer; 3 s.
    public var lingerTime = Duration.seconds(3)
    /// The same when the server stops; 1 s.
    public var stopLingerTime = Duration.seconds(1)
    /// For running requests to end when the server stops; 5 s, then they are cut off.
    public var stopTime = Duration.seconds(5)

    /// Sets all limits to their defaults.
    public init() {}
}
