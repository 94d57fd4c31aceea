import AccessControl
import EventModel
import FeedReading
import Logging
import SQLiteStorage

/// The users of a store that a person named: through its server, or in its file while nobody else
/// writes it.
enum UserAccess {
    case server(ServerUsers)
    case file(SQLiteUserDirectory, PasswordHasher)

    /// Runs `body` with the users of what was named.
    ///
    /// - Parameters:
    ///   - place: The address of a server, or the file of a store.
    ///   - body: What to do.
    /// - Throws: What `body` throws; ``CommandError`` where there is no file or a server holds it.
    static func with(_ place: UserCommand.Place, _ body: (UserAccess) async throws -> Void)
        async throws
    {
        let name = place.store
        let transport = try place.access.access.transport(for: name)
        guard !name.contains("://") else {
            let location = try FeedLocation(name)
            return try await AsyncHTTPTransport.withTransport(
                settings: transport,
                logger: .command("user", level: .warning)
            ) { transport in
                try await body(.server(ServerUsers(of: location, over: transport)))
            }
        }
        try StoreFileCheck.requireFile(name)
        let store: SQLiteEventStore
        do {
            store = try SQLiteEventStore.open(path: name, logger: .command("user"))
        } catch let error as EventStoreError where error.code == .inUse {
            throw CommandError(
                .temporary,
                "\(error); or name the address of the server that holds it instead of the file"
            )
        }
        do {
            try await body(.file(SQLiteUserDirectory(store), PasswordHasher()))
        } catch {
            // Lost: that closing failed too; the first error says more.
            try? await store.close()
            throw error
        }
        try await store.close()
    }

    func users() async throws -> [User] {
        switch self {
        case .server(let server): try await server.users()
        case .file(let directory, _): try await directory.users()
        }
    }

    func create(_ user: NewUser, password: String) async throws {
        switch self {
        case .server(let server):
            try await server.create(user, password: password)
        case .file(let directory, let hasher):
            try await directory.create(user, password: hasher.hash(password))
        }
    }

    func setPassword(_ login: String, _ password: String) async throws {
        switch self {
        case .server(let server):
            try await server.setPassword(login, password)
        case .file(let directory, let hasher):
            try await directory.setPassword(login, hasher.hash(password))
        }
    }

    func setDisabled(_ login: String, _ isDisabled: Bool) async throws {
        switch self {
        case .server(let server): try await server.setDisabled(login, isDisabled)
        case .file(let directory, _): try await directory.setDisabled(login, isDisabled)
        }
    }

    func delete(_ login: String) async throws {
        switch self {
        case .server(let server): try await server.delete(login)
        case .file(let directory, _): try await directory.delete(login)
        }
    }
}
