import EventModel
import FeedReading
import Logging
import SQLiteStorage
import Subscriptions

/// Opens what a person named: a feed on a server, a folder of published pages, a store's file.
enum FeedAccess {
    /// Runs `body` with a source of events and closes it afterwards.
    ///
    /// - Parameters:
    ///   - name: An address, a folder, or the file of a store.
    ///   - settings: How a feed is read.
    ///   - transport: How connections are made, and who asks.
    ///   - body: What to do; the source must not leave it.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; `SourceError` or `EventStoreError` where nothing can be
    ///   opened.
    static func withSource<Result: Sendable>(
        _ name: String,
        settings: FeedClient.Settings = .standard,
        transport: AsyncHTTPTransport.Settings,
        _ body: (any EventSource) async throws -> Result
    ) async throws -> Result {
        if StoreFileCheck.isDatabase(name) {
            try await withStore(name) { store in
                try await body(StoreSource(store, address: name))
            }
        } else {
            try await withClient(name, settings: settings, transport: transport) {
                try await body($0)
            }
        }
    }

    /// Runs `body` with a source of events and a meter of what travels for it.
    ///
    /// - Parameters:
    ///   - name: An address, a folder, or the file of a store.
    ///   - settings: How a feed is read.
    ///   - transport: How connections are made, and who asks.
    ///   - body: What to do; the source must not leave it. There is no meter where nothing
    ///     travels: a folder and a file are read without requests.
    /// - Throws: As ``withSource(_:settings:transport:_:)``.
    static func withMeteredSource(
        _ name: String,
        settings: FeedClient.Settings,
        transport: AsyncHTTPTransport.Settings,
        _ body: (any EventSource, MeteredTransport?) async throws -> Void
    ) async throws {
        guard !StoreFileCheck.isDatabase(name), case .web(let url) = try FeedLocation(name) else {
            return try await withSource(name, settings: settings, transport: transport) {
                try await body($0, nil)
            }
        }
        let logger = Logger.command("feed", level: .warning)
        try await AsyncHTTPTransport.withTransport(settings: transport, logger: logger) {
            transport in
            let meter = MeteredTransport(transport)
            let client = FeedClient(
                .web(url),
                over: meter,
                settings: settings,
                logger: logger
            )
            try await body(client, meter)
        }
    }

    /// Runs `body` with everything that a history has published.
    ///
    /// - Parameters:
    ///   - name: An address, a folder, or the file of a store.
    ///   - transport: How connections are made, and who asks.
    ///   - body: What to do; the history must not leave it.
    /// - Throws: As ``withSource(_:settings:transport:_:)``.
    static func withPublishedHistory(
        _ name: String,
        transport: AsyncHTTPTransport.Settings,
        _ body: (any PublishedHistory) async throws -> Void
    ) async throws {
        if StoreFileCheck.isDatabase(name) {
            try await withStore(name) { try await body(StoreWalk($0)) }
        } else {
            try await withClient(name, settings: .standard, transport: transport) {
                try await body($0.walk())
            }
        }
    }

    /// Runs `body` with the file of a store, opened to be read, and closes it afterwards.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - body: What to do; the store must not leave it.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; `EventStoreError`.
    static func withStore<Result: Sendable>(
        _ path: String,
        _ body: (SQLiteEventStore) async throws -> Result
    ) async throws -> Result {
        let store = try SQLiteEventStore.openReadOnly(path: path, logger: .command("store"))
        let result: Result
        do {
            result = try await body(store)
        } catch {
            // Lost: that closing failed too; the first error says more.
            try? await store.close()
            throw error
        }
        try await store.close()
        return result
    }

    private static func withClient<Result: Sendable>(
        _ name: String,
        settings: FeedClient.Settings,
        transport: AsyncHTTPTransport.Settings,
        _ body: (FeedClient) async throws -> Result
    ) async throws -> Result {
        try await FeedClient.withClient(
            of: FeedLocation(name),
            settings: settings,
            transport: transport,
            logger: .command("feed", level: .warning),
            body
        )
    }
}
