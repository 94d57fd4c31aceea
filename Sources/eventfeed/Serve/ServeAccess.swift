import AccessControl
import FeedServing
import Logging
import SQLiteStorage

/// Who may do what at a server, and what its owner must be told about it.
enum ServeAccess {
    /// Refuses a start that would add users whose passwords everybody knows where others can log
    /// in; asked before a store is made, so that nothing is left behind.
    ///
    /// - Parameter settings: What is wanted, of a store that has no users.
    /// - Throws: ``CommandError`` (`configuration`).
    static func checkFirstStart(_ settings: ServeSettings) throws(CommandError) {
        guard settings.usesEventStoreDefaults, !Loopback.contains(settings.server.host) else {
            return
        }
        throw CommandError(
            .configuration,
            "--event-store-defaults would add admin and ops, whose default password everybody "
                + "knows, at \(settings.server.host): start with --listen 127.0.0.1:2113 first, "
                + "stop it, change both with eventfeed user passwd \(settings.data) admin, and "
                + "ops, then listen elsewhere"
        )
    }

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
        if settings.usesEventStoreDefaults, try await !directory.hasUsers {
            try checkFirstStart(settings)
            if try await DefaultUsers.add(to: directory, hasher: hasher) {
                logger.notice("added the users admin and ops with the password changeit")
            }
        }
        if !Loopback.contains(settings.server.host) {
            let logins = try await DefaultUsers.unchanged(in: directory, hasher: hasher)
            guard logins.isEmpty else { throw refusal(of: logins, settings) }
        }
        if try await !directory.hasUsers {
            logger.notice(
                """
                everybody may do everything, for want of users (eventfeed user add): access lists \
                are stored but not enforced
                """
            )
        }
        return AccessGate(
            Authenticator(directory, hasher: hasher),
            store: store,
            feedReaders: settings.feedReaders
        )
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
