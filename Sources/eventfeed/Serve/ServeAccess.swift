import AccessControl
import FeedServing
import Logging
import SQLiteStorage

/// Who may do what at a server, and what its owner must be told about it.
enum ServeAccess {
    /// Prepares access to a store, adding the default users where they are wanted.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - settings: Whether default users are wanted, and who may read the feed.
    ///   - logger: Is told what is open that may not be meant to be.
    /// - Returns: What decides for the server.
    /// - Throws: ``CommandError`` (`configuration`) where everybody in the network could log in
    ///   with a password that everybody knows; errors of the store.
    static func prepare(
        _ store: SQLiteEventStore,
        _ settings: ServeSettings,
        _ logger: Logger
    ) async throws -> AccessGate {
        let directory = SQLiteUserDirectory(store)
        let hasher = PasswordHasher()
        let isLocal = isLoopback(settings.server.host)
        if settings.usesEventStoreDefaults, try await !directory.hasUsers {
            // Before they are added: a start that is refused changes nothing.
            guard isLocal else { throw refusal(of: ["admin", "ops"], settings) }
            if try await DefaultUsers.add(to: directory, hasher: hasher) {
                logger.notice("added the users admin and ops with the password changeit")
            }
        }
        if !isLocal {
            let logins = try await DefaultUsers.unchanged(in: directory, hasher: hasher)
            guard logins.isEmpty else { throw refusal(of: logins, settings) }
        }
        if try await !directory.hasUsers {
            logger.warning(
                "access lists are stored but not enforced, for want of users: eventfeed user add"
            )
        }
        return AccessGate(
            Authenticator(directory, hasher: hasher),
            store: store,
            feedReaders: settings.feedReaders
        )
    }

    /// Whether only this machine can reach an address.
    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func refusal(of logins: [String], _ settings: ServeSettings) -> CommandError {
        let names = logins.joined(separator: " and ")
        return CommandError(
            .configuration,
            "\(names) would be reachable at \(settings.server.host) with the default password: "
                + "change it with eventfeed user passwd \(settings.data) \(logins.first ?? ""), or "
                + "listen at 127.0.0.1"
        )
    }
}
