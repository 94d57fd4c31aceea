/// How much one read returns at the most.
public struct ReadLimit: Hashable, Sendable {
    /// Events, 1 to ``Limits/streamReadEvents``; a read of the whole history returns no more than
    /// ``Limits/readEvents``.
    public let events: Int
    /// Bytes of data and metadata; the first event is returned whatever its size.
    public let bytes: Int

    /// 8 MiB, what one answer of a server carries.
    public static let standardBytes = 8 << 20

    /// Sets a limit.
    ///
    /// - Parameters:
    ///   - events: Cut to 1 … ``Limits/streamReadEvents``.
    ///   - bytes: Bytes of data and metadata, at least 1.
    public init(events: Int, bytes: Int = Self.standardBytes) {
        self.events = min(max(1, events), Limits.streamReadEvents)
        self.bytes = max(1, bytes)
    }
}
