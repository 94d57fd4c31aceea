import AccessControl
import EventModel
import EventStoreWire
import EventTesting
import Logging
import SQLiteStorage
import Testing

/// Which store stands behind the interface.
enum StoreKind: String, CaseIterable, Sendable {
    case memory, sqlite

    /// Gives an empty store for the length of a closure.
    func withStore<Value>(_ body: (any EventStore) async throws -> Value) async throws -> Value {
        switch self {
        case .memory: return try await body(InMemoryEventStore())
        case .sqlite:
            return try await withTemporaryDirectory { folder in
                let store = try SQLiteEventStore.open(
                    path: "\(folder)/events.db",
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                let value = try await body(store)
                try await store.close()
                return value
            }
        }
    }
}

/// The users of a fresh product.
enum FreshUsers {
    /// Derived once, since a derivation takes long on purpose.
    private static let changeit = Result { try PasswordHash(of: "changeit") }

    /// A directory with `admin` and `ops`.
    static func directory() throws -> InMemoryUserDirectory {
        let directory = InMemoryUserDirectory()
        let password = try changeit.get()
        try directory.create(
            NewUser(login: "admin", fullName: "Administrator", groups: [Role.admins]),
            password: password
        )
        try directory.create(
            NewUser(login: "ops", fullName: "Operations", groups: [Role.operators]),
            password: password
        )
        return directory
    }
}

/// The interface on an empty store.
enum Interface {
    /// Gives a client of the interface, without a socket, for the length of a closure.
    static func with<Value>(
        _ kind: StoreKind = .memory,
        hasUsers: Bool = false,
        _ body: (WireClient) async throws -> Value
    ) async throws -> Value {
        try await kind.withStore { store in
            try await body(
                WireClient(transport: try transport(store, hasUsers: hasUsers, sendsCORS: false))
            )
        }
    }

    /// The interface without a socket.
    static func transport(_ store: any EventStore, hasUsers: Bool, sendsCORS: Bool) throws
        -> DirectTransport
    {
        var settings = EventStoreInterface.Settings()
        settings.isOpenToAllOrigins = sendsCORS
        let users = hasUsers ? try FreshUsers.directory() : nil
        let interface = EventStoreInterface(
            store: store,
            access: users.map { AccessGate(Authenticator($0), store: store) },
            settings: settings
        )
        return DirectTransport { request, body in
            try await interface.respond(to: request, over: LocalConnection(body, store: store))
        }
    }
}
