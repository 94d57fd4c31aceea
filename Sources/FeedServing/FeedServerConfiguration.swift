public import AccessControl
public import EventStoreWire
public import FeedPages

/// How a server is set up.
public struct FeedServerConfiguration: Sendable {
    /// The address to listen at; 127.0.0.1.
    public var host = "127.0.0.1"
    /// The port to listen at; 2113.
    ///
    /// 0 takes any that is free.
    public var port = 2113
    /// What the server speaks TLS with; nil for plain HTTP.
    public var tls: TLSIdentity?
    /// What the `Location` of an append begins with, without `/` at the end.
    ///
    /// Nil for an absolute path. It changes nothing else.
    public var baseURL: String?
    /// The limits that clients see in the service document.
    ///
    /// What the store takes is the store's own; `store` in here is not looked at.
    public var wireLimits = WireLimits.standard
    /// The limits of HTTP and of the process.
    public var limits = ServerLimits()
    /// Who may do what; nil where everybody may do everything.
    public var access: AccessGate?
    /// How the Event Store product's interface is served, under `/streams`, `/ping`, `/info`,
    /// `/stats`, `/users`, `/web` and `/health`; nil for not at all.
    public var eventStore: EventStoreInterface.Settings? = EventStoreInterface.Settings()
    /// Tells whether the server is ready, for `/readyz`.
    public var readiness: @Sendable () async -> Readiness = { Readiness() }
    /// Is told once where the server listens, before it takes the first connection.
    public var onListening: @Sendable (ListeningAddress) async -> Void = { _ in }

    /// Describes a server that listens at 127.0.0.1:2113 with the default limits.
    public init() {}
}

/// Where a server listens.
public struct ListeningAddress: Hashable, Sendable {
    /// The numeric address, such as `127.0.0.1` or `::1`.
    public let host: String
    /// The port that was bound.
    public let port: Int
    /// Whether TLS is spoken there.
    public let isSecure: Bool

    /// `http://HOST:PORT/` or `https://HOST:PORT/`.
    public var url: String {
        "\(isSecure ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)/"
    }
}

/// What `/readyz` says, as far as the store's protocol does not know it.
public struct Readiness: Hashable, Sendable {
    /// Whether the store is open.
    public var isStoreOpen: Bool
    /// Bytes free on the store's disk; nil where there is no disk.
    public var diskFree: Int64?
    /// Bytes that are to stay free; below it the server is not ready.
    public var diskReserve: Int64?
    /// How far the newest recorded-at is ahead of the clock, in microseconds; 0 where it is not.
    public var recordedAheadMicroseconds: Int64

    /// States how a store is.
    ///
    /// - Parameters:
    ///   - isStoreOpen: Whether the store is open.
    ///   - diskFree: Bytes free on the store's disk.
    ///   - diskReserve: Bytes that are to stay free.
    ///   - recordedAheadMicroseconds: How far the newest recorded-at is ahead of the clock.
    public init(
        isStoreOpen: Bool = true,
        diskFree: Int64? = nil,
        diskReserve: Int64? = nil,
        recordedAheadMicroseconds: Int64 = 0
    ) {
        self.isStoreOpen = isStoreOpen
        self.diskFree = diskFree
        self.diskReserve = diskReserve
        self.recordedAheadMicroseconds = recordedAheadMicroseconds
    }

    /// Whether the store is open and its disk above the reserve.
    public var isReady: Bool {
        guard isStoreOpen else { return false }
        guard let diskFree, let diskReserve else { return true }
        return diskFree >= diskReserve
    }
}
